"""``docker context ls``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.contexts import load_all
from labkit.docker_cli.endpoint import DEFAULT_HOST
from labkit.docker_cli.listing import render
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import ellipsis, natural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE

_COLUMNS = ("Name", "Description", "DockerEndpoint", "Error")
_OVERRIDDEN = (
    "Warning: DOCKER_HOST environment variable overrides the active context. To use a "
    "context, either set the global --context flag, or unset DOCKER_HOST environment "
    "variable."
)


def _name(item: Json, cut: bool) -> str:
    return f"{item['Name']} *" if item["Current"] and cut else str(item["Name"])


CONTEXTS = Subject(
    "formatter.clientContextContext",
    {
        "Name": ("NAME", lambda c, cut: c["Name"]),
        "Description": ("DESCRIPTION", lambda c, cut: ellipsis(c["Description"], 60)),
        "DockerEndpoint": ("DOCKER ENDPOINT", lambda c, cut: c["DockerEndpoint"]),
        "Current": ("CURRENT", lambda c, cut: c["Current"]),
        "Error": ("ERROR", lambda c, cut: c["Error"]),
    },
)


def run(cli: Cli, call: Call) -> int:
    """List the names of engines."""
    items = _all(cli)
    values = call.values
    layout = values.text("format")
    if values.on("quiet"):
        cli.write("".join(f"{item['Name']}\n" for item in items))
    elif layout in ("", "table"):
        starred = [{**item, "Name": _name(item, True)} for item in items]
        cli.write(render(CONTEXTS, starred, _COLUMNS))
    else:
        cli.write(render(CONTEXTS, items, layout))
    if os.environ.get("DOCKER_HOST"):
        cli.error(_OVERRIDDEN)
    return 0


def _all(cli: Cli) -> list[Json]:
    current = cli.context_name
    default = {
        "Name": "default",
        "Description": "Current DOCKER_HOST based configuration",
        "DockerEndpoint": os.environ.get("DOCKER_HOST") or DEFAULT_HOST,
    }
    found = [default] + [
        {"Name": c.name, "Description": c.description, "DockerEndpoint": c.host}
        for c in load_all(cli.config)
    ]
    found.sort(key=lambda item: natural(item["Name"]))
    return [{**i, "Current": i["Name"] == current, "Error": ""} for i in found]
