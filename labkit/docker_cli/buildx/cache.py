"""``docker buildx du`` and ``prune``: the build cache."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from labkit.base.durations import human_duration
from labkit.base.units import parse_bytes
from labkit.docker_cli.buildx.builders import table
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Command, Flag, Given, Kind
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.texts import bytes_text

_BUILDER = Flag("builder", Kind.TEXT, "Override the configured builder instance")
_FILTER = Flag("filter", Kind.TEXTS, "Provide filter values")
_VERBOSE = Flag("verbose", Kind.BOOL, "Provide a more verbose output")
DU = Command("docker buildx du", "Disk usage", (_BUILDER, _FILTER, _VERBOSE))
PRUNE = Command(
    "docker buildx prune",
    "Remove build cache",
    (
        _BUILDER,
        _FILTER,
        _VERBOSE,
        Flag("all", Kind.BOOL, "Include internal/frontend images", "a"),
        Flag("force", Kind.BOOL, "Do not prompt for confirmation", "f"),
        Flag("keep-storage", Kind.TEXT),
        Flag(
            "reserved-space", Kind.TEXT, "Amount of disk space always allowed to keep"
        ),
        Flag(
            "max-used-space", Kind.TEXT, "Maximum amount of disk space allowed to keep"
        ),
    ),
)
_ALL = "all build cache"
_DANGLING = "all dangling build cache"
_SPACES = ("keep-storage", "reserved-space", "max-used-space")


def du(shop: Shop, given: Given) -> int:
    """Say what the cache holds."""
    records = _matching(_records(shop), given.texts("filter"))
    _tell(records, given)
    free = sum(one.get("Size", 0) for one in records if not one.get("InUse"))
    total = sum(one.get("Size", 0) for one in records)
    if shared := sum(one.get("Size", 0) for one in records if one.get("Shared")):
        sys.stdout.write(
            f"Shared:\t\t{bytes_text(shared)}\nPrivate:\t{bytes_text(total - shared)}\n"
        )
    sys.stdout.write(
        f"Reclaimable:\t{bytes_text(free)}\nTotal:\t\t{bytes_text(total)}\n"
    )
    return 0


def prune(shop: Shop, given: Given) -> int:
    """Remove what nobody uses, or all of it."""
    if not given.is_set("force") and not _agreed(
        _ALL if given.is_set("all") else _DANGLING
    ):
        raise BuildxError("build cache prune has been cancelled")
    query: dict[str, Any] = {"all": "1"} if given.is_set("all") else {}
    filters: dict[str, list[str]] = {}
    for text in given.texts("filter"):
        name, _, value = text.partition("=")
        filters.setdefault(name, []).append(value)
    if filters:
        query["filters"] = json.dumps(filters)
    for name in _SPACES:
        if value := given.text(name):
            query[name] = _space(name, value)
    known = {one["ID"]: one for one in _records(shop)}
    answer = shop.engine.post("/build/prune", query)
    gone = [known.get(one, {"ID": one}) for one in answer.get("CachesDeleted") or ()]
    _tell(gone, given)
    sys.stdout.write(f"Total:\t{bytes_text(answer.get('SpaceReclaimed') or 0)}\n")
    return 0


def _records(shop: Shop) -> list[Any]:
    found = shop.engine.get("/system/df", {"type": "build-cache"})
    return list(found.get("BuildCache") or ())


def _tell(records: list[Any], given: Given) -> None:
    if given.is_set("verbose"):
        sys.stdout.write("\n".join(_details(one) for one in records))
    elif records:
        rows = [("ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED")]
        sys.stdout.write(table([*rows, *(_row(one) for one in records)]))


def _space(name: str, text: str) -> int:
    try:
        return parse_bytes(text)
    except ValueError as error:
        raise BuildxError(
            f'invalid argument "{text}" for "--{name}" flag: {error}'
        ) from error


def _agreed(what: str) -> bool:
    sys.stdout.write(
        f"WARNING! This will remove {what}. Are you sure you want to continue? [y/N] "
    )
    sys.stdout.flush()
    return sys.stdin.isatty() and sys.stdin.readline().strip().lower() in ("y", "yes")


def _matching(records: list[Any], filters: Sequence[str]) -> list[Any]:
    for text in filters:
        name, _, value = text.partition("=")
        if name not in ("id", "type"):
            raise BuildxError(f"filter {name!r} isn't supported here: id or type")
        key = "ID" if name == "id" else "Type"
        records = [one for one in records if str(one.get(key, "")).startswith(value)]
    return records


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    shared = "*" if record.get("InUse") else ""
    return (
        f"{record['ID']}{shared}",
        "false" if record.get("InUse") else "true",
        bytes_text(record.get("Size", 0)),
        _ago(record.get("LastUsedAt") or record.get("CreatedAt")),
    )


def _details(record: dict[str, Any]) -> str:
    rows = (
        ("ID", record["ID"]),
        ("Created at", record.get("CreatedAt", "")),
        ("Mutable", "false"),
        ("Reclaimable", "false" if record.get("InUse") else "true"),
        ("Shared", str(bool(record.get("Shared"))).lower()),
        ("Size", bytes_text(record.get("Size", 0))),
        ("Description", record.get("Description", "")),
        ("Usage count", str(record.get("UsageCount", 0))),
        ("Last used", _ago(record.get("LastUsedAt"))),
        ("Type", record.get("Type", "")),
    )
    return "".join(f"{name + ':':<16}{value}\n" for name, value in rows)


def _ago(text: str | None) -> str:
    if not text:
        return ""
    passed = datetime.now(UTC) - datetime.fromisoformat(text)
    return f"{human_duration(int(passed.total_seconds() * 10**9))} ago"


COMMANDS = {"du": (DU, du), "prune": (PRUNE, prune)}
