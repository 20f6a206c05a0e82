"""``docker ps``."""

from __future__ import annotations

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.container.summary import CONTAINERS
from labkit.docker_cli.listing import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values

ARGUMENTS = NONE

_COLUMNS = ("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names")
_RAW = (
    "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\n"
    "created_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\n"
    "status: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\n"
    "ports: {{- pad .Ports 1 0}}\n"
)
_IGNORED = "WARNING: Ignoring custom format, because both --format and --quiet are set."


def run(cli: Cli, call: Call) -> int:
    """List containers."""
    values = call.values
    layout = values.text("format")
    if layout and values.on("quiet"):
        cli.error(_IGNORED)
    layout = layout or str(cli.config.values.get("psFormat") or "")
    with_size = values.on("size") or _asks_for_size(values, layout)
    items = cli.client.get("/containers/json", _query(values, with_size))
    cut = not values.on("no-trunc")
    if values.on("quiet"):
        cli.write("".join(f"{CONTAINERS.fields['ID'](c, cut)}\n" for c in items))
        return 0
    cli.write(render(CONTAINERS, items, _layout(layout, with_size), cut))
    return 0


def _query(values: Values, with_size: bool) -> dict[str, object]:
    query: dict[str, object] = {}
    if values.on("all"):
        query["all"] = "1"
    limit = values.number("last")
    if values.on("latest") and limit == -1:
        limit = 1
    if limit > 0:
        query["limit"] = limit
    if with_size:
        query["size"] = "1"
    return query | filters_query(values.list("filter"))


def _asks_for_size(values: Values, layout: str) -> bool:
    """Say whether a format names a size: engines count it only when asked to."""
    if not layout or layout in ("table", "json", "raw"):
        return False
    # Late: for a format of the user's own alone.
    from labkit.docker_cli.template.listing import checked_fields

    used = checked_fields(CONTAINERS, layout)
    return "Size" in used and not values.on("quiet") and "size" not in values.changed


def _layout(layout: str, with_size: bool) -> str | tuple[str, ...]:
    if layout in ("", "table"):
        return (*_COLUMNS, "Size") if with_size else _COLUMNS
    if layout == "raw":
        return _RAW + ("size: {{.Size}}\n" if with_size else "")
    return layout
