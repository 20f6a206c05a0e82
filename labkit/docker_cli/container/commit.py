"""``docker commit``."""

from __future__ import annotations

from labkit.docker_cli.arguments import Arguments
from labkit.docker_cli.image.names import repository_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = Arguments(1, 2)


def run(cli: Cli, call: Call) -> int:
    """Make an image of a container's files."""
    values = call.values
    query: dict[str, object] = {"container": call.arguments[0]}
    if len(call.arguments) > 1:
        query["repo"], query["tag"] = repository_and_tag(call.arguments[1])
    for flag, name in (("message", "comment"), ("author", "author")):
        if values.text(flag):
            query[name] = values.text(flag)
    if values.list("change"):
        query["changes"] = values.list("change")
    if not values.on("pause"):
        query["pause"] = "0"
    cli.line(cli.client.post("/commit", query)["Id"])
    return 0
