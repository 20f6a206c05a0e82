"""``docker create``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.container.new import (
    CREATE_RULES,
    create_container,
    settings_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
RULES = CREATE_RULES


def run(cli: Cli, call: Call) -> int:
    """Make a container and print its id."""
    settings = settings_of(call.values, call.arguments, "create")
    cli.line(create_container(cli, call.values, settings))
    return 0
