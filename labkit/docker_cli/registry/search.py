"""``docker search``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.listing import render
from labkit.docker_cli.registry.credentials import HUB, auth_header, credentials_for
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import ellipsis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = exactly(1)

_COLUMNS = ("Name", "Description", "StarCount", "IsOfficial")


def _description(found: Json, cut: bool) -> str:
    text = found["description"].replace("\n", " ").replace("\r", " ")
    return ellipsis(text, 45) if cut else text


def _ok(value: object) -> str:
    return "[OK]" if value else ""


FOUND = Subject(
    "registry.searchContext",
    {
        "Name": ("NAME", lambda f, cut: f["name"]),
        "Description": ("DESCRIPTION", _description),
        "StarCount": ("STARS", lambda f, cut: str(f["star_count"])),
        "IsOfficial": ("OFFICIAL", lambda f, cut: _ok(f["is_official"])),
        "IsAutomated": ("AUTOMATED", lambda f, cut: _ok(f.get("is_automated"))),
    },
)


def run(cli: Cli, call: Call) -> int:
    """Look for images on Docker Hub."""
    values = call.values
    query: dict[str, object] = {"term": call.arguments[0]}
    if values.number("limit"):
        query["limit"] = values.number("limit")
    query |= filters_query(values.list("filter"))
    headers = auth_header(credentials_for(cli.config, HUB))
    answer = cli.client.call("GET", "/images/search", query, None, headers)
    layout = values.text("format") or _COLUMNS
    cli.write(render(FOUND, answer.json(), layout, not values.on("no-trunc")))
    return 0
