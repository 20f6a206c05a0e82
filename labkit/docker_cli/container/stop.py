"""``docker stop``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.stopping import STOP_RULES, stop_query
from labkit.docker_cli.each import for_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
RULES = STOP_RULES


def run(cli: Cli, call: Call) -> int:
    """Stop containers."""
    query = stop_query(call.values)

    def stop(name: str) -> None:
        cli.client.post(path_of("containers", name, "/stop"), query)

    return for_each(cli, call.arguments, stop)
