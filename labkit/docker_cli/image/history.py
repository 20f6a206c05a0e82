"""``docker history``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.listing import render
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import ellipsis, short_id
from labkit.docker_cli.units import ago, rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = exactly(1)

_COLUMNS = ("ID", "CreatedSince", "CreatedBy", "Size", "Comment")


def run(cli: Cli, call: Call) -> int:
    """List the layers of an image and what made them."""
    values = call.values
    query = {"platform": values.text("platform")} if values.text("platform") else {}
    path = path_of("images", call.arguments[0], "/history")
    layers = cli.client.get(path, query)
    human = values.on("human")
    cut = not values.on("no-trunc")
    if values.on("quiet"):
        cli.write("".join(f"{_id(layer, cut)}\n" for layer in layers))
        return 0
    layout = values.text("format")
    human_columns = _COLUMNS if human else (_COLUMNS[0], "CreatedAt", *_COLUMNS[2:])
    wanted = human_columns if layout in ("", "table") else layout
    cli.write(render(_subject(human), layers, wanted, cut))
    return 0


def _id(layer: Json, cut: bool) -> str:
    identity = str(layer["Id"])
    return short_id(identity) if cut and identity != "<missing>" else identity


def _created_by(layer: Json, cut: bool) -> str:
    command = layer["CreatedBy"].replace("\t", " ")
    return ellipsis(command, 45) if cut else command


def _created_at(layer: Json, cut: bool) -> str:
    return rfc3339(layer["Created"])


def _subject(human: bool) -> Subject:
    def created_since(layer: Json, cut: bool) -> str:
        if not human:
            return _created_at(layer, cut)
        return ago(layer["Created"]) if layer["Created"] > 0 else "N/A"

    def size(layer: Json, cut: bool) -> str:
        return human_size(layer["Size"], 3) if human else str(layer["Size"])

    return Subject(
        "image.historyContext",
        {
            "ID": ("IMAGE", _id),
            "CreatedAt": ("CREATED AT", _created_at),
            "CreatedSince": ("CREATED", created_since),
            "CreatedBy": ("CREATED BY", _created_by),
            "Size": ("SIZE", size),
            "Comment": ("COMMENT", lambda layer, cut: layer["Comment"]),
        },
    )
