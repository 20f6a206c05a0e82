"""``docker diff``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)
_KINDS = ("C", "A", "D")


def run(cli: Cli, call: Call) -> int:
    """Say what a container changed in its files."""
    name = call.arguments[0]
    if not name:
        raise CliError("Container name cannot be empty")
    for change in cli.client.get(path_of("containers", name, "/changes")) or []:
        cli.line(f"{_KINDS[change['Kind']]} {change['Path']}")
    return 0
