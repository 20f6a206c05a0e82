"""``docker network rm``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError, EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
_NOT_FOUND = 404


def run(cli: Cli, call: Call) -> int:
    """Remove networks."""
    failed = False
    for name in call.arguments:
        try:
            cli.client.delete(path_of("networks", name))
        except CliError as error:
            if _is_missing(error) and call.values.on("force"):
                continue
            cli.error(str(error))
            failed = True
        else:
            cli.line(name)
    if failed:
        raise CliError("exit status 1")
    return 0


def _is_missing(error: CliError) -> bool:
    return isinstance(error, EngineError) and error.status == _NOT_FOUND
