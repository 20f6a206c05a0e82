"""``docker network ls``."""

from __future__ import annotations

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.listing import render
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.template.printing import show
from labkit.docker_cli.texts import joined_labels, label_of, natural, short_id
from labkit.docker_cli.units import go_nanotime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE

_COLUMNS = ("ID", "Name", "Driver", "Scope")
_RAW = "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n"

NETWORKS = Subject(
    "network.networkContext",
    {
        "ID": ("NETWORK ID", lambda n, cut: short_id(n["Id"]) if cut else n["Id"]),
        "Name": ("NAME", lambda n, cut: n["Name"]),
        "Driver": ("DRIVER", lambda n, cut: n["Driver"]),
        "Scope": ("SCOPE", lambda n, cut: n["Scope"]),
        "IPv4": ("IPV4", lambda n, cut: show(bool(n.get("EnableIPv4", False)))),
        "IPv6": ("IPV6", lambda n, cut: show(bool(n["EnableIPv6"]))),
        "Internal": ("INTERNAL", lambda n, cut: show(bool(n["Internal"]))),
        "Labels": ("LABELS", lambda n, cut: joined_labels(n["Labels"])),
        "CreatedAt": ("CREATED AT", lambda n, cut: go_nanotime(n["Created"])),
    },
    {"Label": label_of},
)


def run(cli: Cli, call: Call) -> int:
    """List networks."""
    values = call.values
    items = cli.client.get("/networks", filters_query(values.list("filter")))
    items = sorted(items, key=lambda item: natural(item["Name"]))
    layout = values.text("format") or str(cli.config.values.get("networksFormat") or "")
    cut = not values.on("no-trunc")
    if values.on("quiet") and layout in ("", "table"):
        cli.write("".join(f"{NETWORKS.fields['ID'](item, cut)}\n" for item in items))
        return 0
    wanted = {"": _COLUMNS, "table": _COLUMNS, "raw": _RAW}.get(layout, layout)
    cli.write(render(NETWORKS, items, wanted, cut))
    return 0
