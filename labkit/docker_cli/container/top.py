"""``docker top``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.tables import align

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
RULES = Rules(interspersed=False)
_LEAST_WIDTH = 20


def run(cli: Cli, call: Call) -> int:
    """List a container's processes."""
    name, *options = call.arguments
    query = {"ps_args": " ".join(options)} if options else {}
    answer = cli.client.get(path_of("containers", name, "/top"), query)
    lines = [answer["Titles"], *answer["Processes"]]
    text = "".join("\t".join(line) + "\n" for line in lines)
    cli.write(align(text, least=_LEAST_WIDTH, padding=3))
    return 0
