"""What a container uses, counted from the engine's figures as docker/cli counts it."""

from __future__ import annotations

from labkit.base.units import bytes_size, human_size
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import short_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_NONE = "--"


class Usage:
    """One sample of the engine's, counted."""

    __slots__ = ("row",)

    def __init__(self, name: str, sample: Json) -> None:
        memory = _memory(sample.get("memory_stats") or {})
        limit = (sample.get("memory_stats") or {}).get("limit", 0)
        received, sent = _network(sample.get("networks") or {})
        read, written = _blocks(sample.get("blkio_stats") or {})
        self.row: Json = {
            "Container": name,
            "Name": sample.get("name", ""),
            "ID": sample.get("id", ""),
            "CPU": _processor(sample),
            "Memory": memory,
            "Limit": limit,
            "Received": received,
            "Sent": sent,
            "Read": read,
            "Written": written,
            "PIDs": (sample.get("pids_stats") or {}).get("current", 0),
            "Invalid": False,
        }


def empty_row(name: str) -> Json:
    """Return a row of a container of which nothing is known yet."""
    return {**Usage(name, {}).row, "Invalid": True}


def _processor(sample: Json) -> float:
    now, before = sample.get("cpu_stats") or {}, sample.get("precpu_stats") or {}
    used, used_before = now.get("cpu_usage") or {}, before.get("cpu_usage") or {}
    delta = used.get("total_usage", 0) - used_before.get("total_usage", 0)
    system = now.get("system_cpu_usage", 0) - before.get("system_cpu_usage", 0)
    processors = now.get("online_cpus") or len(used.get("percpu_usage") or [])
    if system <= 0 or delta <= 0:
        return 0.0
    return float(delta / system * processors * 100)


def _memory(stats: Json) -> int:
    """Return the memory without what is only cache of inactive files."""
    usage = int(stats.get("usage", 0))
    details = stats.get("stats") or {}
    for name in ("total_inactive_file", "inactive_file"):
        if name in details and details[name] < usage:
            return usage - int(details[name])
    return usage


def _network(networks: Json) -> tuple[int, int]:
    received = sum(each["rx_bytes"] for each in networks.values())
    return received, sum(each["tx_bytes"] for each in networks.values())


def _blocks(stats: Json) -> tuple[int, int]:
    read = written = 0
    for entry in stats.get("io_service_bytes_recursive") or []:
        kind = entry["op"][:1].lower()
        read += entry["value"] if kind == "r" else 0
        written += entry["value"] if kind == "w" else 0
    return read, written


def _percent(value: float, row: Json) -> str:
    return _NONE if row["Invalid"] else f"{value:.2f}%"


def _memory_percent(row: Json, cut: bool) -> str:
    limit = row["Limit"]
    return _percent(row["Memory"] / limit * 100 if limit else 0.0, row)


def _memory_usage(row: Json, cut: bool) -> str:
    if row["Invalid"]:
        return f"{_NONE} / {_NONE}"
    return f"{bytes_size(row['Memory'])} / {bytes_size(row['Limit'])}"


def _pair(row: Json, first: str, second: str) -> str:
    if row["Invalid"]:
        return _NONE
    return f"{human_size(row[first], 3)} / {human_size(row[second], 3)}"


def _name(row: Json, cut: bool) -> str:
    return row["Name"].removeprefix("/") or _NONE


STATS = Subject(
    "container.statsContext",
    {
        "Container": ("CONTAINER", lambda r, cut: r["Container"]),
        "Name": ("NAME", _name),
        "ID": ("CONTAINER ID", lambda r, cut: short_id(r["ID"]) if cut else r["ID"]),
        "CPUPerc": ("CPU %", lambda r, cut: _percent(r["CPU"], r)),
        "MemUsage": ("MEM USAGE / LIMIT", _memory_usage),
        "MemPerc": ("MEM %", _memory_percent),
        "NetIO": ("NET I/O", lambda r, cut: _pair(r, "Received", "Sent")),
        "BlockIO": ("BLOCK I/O", lambda r, cut: _pair(r, "Read", "Written")),
        "PIDs": ("PIDS", lambda r, cut: _NONE if r["Invalid"] else str(r["PIDs"])),
    },
)
