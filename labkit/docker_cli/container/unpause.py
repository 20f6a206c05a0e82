"""``docker unpause``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.each import for_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Let a paused container's processes go on."""

    def unpause(name: str) -> None:
        cli.client.post(path_of("containers", name, "/unpause"))

    return for_each(cli, call.arguments, unpause)
