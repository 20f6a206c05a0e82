"""``docker cp``: between a container and this machine, as archives."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.container.copying_in import copy_in
from labkit.docker_cli.container.copying_out import copy_out
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.terminal import STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)


def run(cli: Cli, call: Call) -> int:
    """Copy files into a container or out of it."""
    source, target = call.arguments
    if not source:
        raise CliError("source can not be empty")
    if not target:
        raise CliError("destination can not be empty")
    values = call.values
    quiet = values.on("quiet") or (
        "quiet" not in values.changed and not os.isatty(STDOUT)
    )
    container, inside = split(source)
    other, outside = split(target)
    if container and other:
        raise CliError("copying between containers is not supported")
    if container:
        said = copy_out(cli, container, inside, outside, values.on("follow-link"))
    elif other and not outside:
        raise CliError("no such directory")
    elif other:
        said = copy_in(cli, inside, other, outside, values)
    else:
        raise CliError("must specify at least one container source")
    if said and not quiet:
        cli.error(said)
    return 0


def split(argument: str) -> tuple[str, str]:
    """Return the container and the path of ``web:/etc/hosts``."""
    container, colon, path = argument.partition(":")
    if argument.startswith("/") or not colon or container.startswith("."):
        return "", argument
    return container, path
