"""``docker context show``."""

from __future__ import annotations

from labkit.docker_cli.arguments import NONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE


def run(cli: Cli, call: Call) -> int:
    """Print the name of the context in use."""
    cli.line(cli.context_name)
    return 0
