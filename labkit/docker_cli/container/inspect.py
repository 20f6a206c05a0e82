"""``docker container inspect``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.inspecting import inspect_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Print all that the engine knows of containers."""
    query = {"size": "1"} if call.values.on("size") else {}

    def find(name: str) -> Json:
        return cli.client.get(path_of("containers", name, "/json"), query)

    return inspect_each(cli, call, find)
