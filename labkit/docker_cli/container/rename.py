"""``docker rename``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)


def run(cli: Cli, call: Call) -> int:
    """Give a container another name."""
    old, new = (argument.strip() for argument in call.arguments)
    if not old or not new:
        raise CliError("Error: Neither old nor new names may be empty")
    try:
        cli.client.post(path_of("containers", old, "/rename"), {"name": new})
    except CliError as error:
        cli.error(str(error))
        raise CliError(f"Error: failed to rename container named {old}") from None
    return 0
