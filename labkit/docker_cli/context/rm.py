"""``docker context rm``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.contexts import DEFAULT, load, remove
from labkit.docker_cli.each import for_each
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Forget names of engines."""
    forced = call.values.on("force")

    def forget(name: str) -> None:
        if name == DEFAULT:
            raise CliError('context "default" cannot be removed')
        if not forced:
            _check(cli, name)
        elif cli.config.values.get("currentContext") == name:
            values = dict(cli.config.values)
            del values["currentContext"]
            cli.config.save(values)
        remove(cli.config, name)

    return for_each(cli, call.arguments, forget)


def _check(cli: Cli, name: str) -> None:
    try:
        load(cli.config, name)
    except CliError:
        raise CliError(f'context "{name}" does not exist') from None
    if name == cli.context_name:
        raise CliError(f'context "{name}" is in use, set -f flag to force remove')
