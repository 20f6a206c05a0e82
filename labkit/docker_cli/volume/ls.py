"""``docker volume ls``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.listing import render
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import joined_labels, label_of, natural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE

_COLUMNS = ("Driver", "Name")
_CLUSTER_COLUMNS = ("Name", "Group", "Driver", "Availability", "Status")
_RAW = "name: {{.Name}}\ndriver: {{.Driver}}\n"


def _links(item: Json, cut: bool) -> str:
    usage = item.get("UsageData")
    return str(usage["RefCount"]) if usage else "N/A"


def _size(item: Json, cut: bool) -> str:
    usage = item.get("UsageData")
    return human_size(usage["Size"]) if usage else "N/A"


VOLUMES = Subject(
    "formatter.volumeContext",
    {
        "Name": ("VOLUME NAME", lambda v, cut: v["Name"]),
        "Driver": ("DRIVER", lambda v, cut: v["Driver"]),
        "Scope": ("SCOPE", lambda v, cut: v["Scope"]),
        "Mountpoint": ("MOUNTPOINT", lambda v, cut: v["Mountpoint"]),
        "Labels": ("LABELS", lambda v, cut: joined_labels(v["Labels"])),
        "Links": ("LINKS", _links),
        "Size": ("SIZE", _size),
        "Group": ("GROUP", lambda v, cut: "N/A"),
        "Status": ("STATUS", lambda v, cut: "N/A"),
        "Availability": ("AVAILABILITY", lambda v, cut: "N/A"),
    },
    {"Label": label_of},
)


def run(cli: Cli, call: Call) -> int:
    """List volumes."""
    values = call.values
    answer = cli.client.get("/volumes", filters_query(values.list("filter")))
    items = sorted(answer.get("Volumes") or [], key=lambda item: natural(item["Name"]))
    layout = values.text("format") or str(cli.config.values.get("volumesFormat") or "")
    if values.on("cluster"):
        items = [item for item in items if item.get("ClusterVolume")]
    if values.on("quiet") and layout in ("", "table"):
        cli.write("".join(f"{item['Name']}\n" for item in items))
        return 0
    columns = _CLUSTER_COLUMNS if values.on("cluster") else _COLUMNS
    wanted = {"": columns, "table": columns, "raw": _RAW}.get(layout, layout)
    cli.write(render(VOLUMES, items, wanted))
    return 0
