"""``docker context use``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import ANY
from labkit.docker_cli.contexts import DEFAULT, load
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = ANY  # refused in cobra's words, which are others than Docker's


def run(cli: Cli, call: Call) -> int:
    """Talk to another engine from now on."""
    count = len(call.arguments)
    if count != 1:
        raise CliError(f"accepts 1 arg(s), received {count}")
    name = call.arguments[0]
    if name != DEFAULT:
        load(cli.config, name)
    values = dict(cli.config.values)
    values.pop("currentContext", None)
    if name != DEFAULT:
        values["currentContext"] = name
    if values != cli.config.values:
        cli.config.save(values)
    cli.line(name)
    cli.error(f'Current context is now "{name}"')
    if os.environ.get("DOCKER_HOST") and name != DEFAULT:
        cli.error(
            "Warning: DOCKER_HOST environment variable overrides the active context. "
            f'To use "{name}", either set the global --context flag, or unset '
            "DOCKER_HOST environment variable."
        )
    return 0
