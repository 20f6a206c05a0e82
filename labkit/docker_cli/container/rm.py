"""``docker rm``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.each import for_each
from labkit.docker_cli.errors import CliError, EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
_NOT_FOUND = 404


def run(cli: Cli, call: Call) -> int:
    """Remove containers."""
    values = call.values
    query: dict[str, object] = {}
    for flag, name in (("volumes", "v"), ("link", "link"), ("force", "force")):
        if values.on(flag):
            query[name] = "1"
    forced = values.on("force")

    def remove(name: str) -> None:
        name = name.strip("/")
        if not name:
            raise CliError("container name cannot be empty")
        try:
            cli.client.delete(path_of("containers", name), query)
        except EngineError as error:
            if not forced or error.status != _NOT_FOUND:
                raise
            cli.error(str(error))
            raise CliError("") from None

    try:
        return for_each(cli, call.arguments, remove)
    except CliError as error:
        if str(error).strip() or not forced:
            raise
        return 0
