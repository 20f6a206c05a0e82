"""``docker pause``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.each import for_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Stop a container's processes where they are."""

    def pause(name: str) -> None:
        cli.client.post(path_of("containers", name, "/pause"))

    return for_each(cli, call.arguments, pause)
