"""``docker restart``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.each import for_each
from labkit.docker_cli.flags import Rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
RULES = Rules(renamed={"time": "!timeout"})


def run(cli: Cli, call: Call) -> int:
    """Restart containers."""
    query: dict[str, object] = {}
    if call.values.text("signal"):
        query["signal"] = call.values.text("signal")
    if "timeout" in call.values.changed:
        query["t"] = call.values.number("timeout")

    def restart(name: str) -> None:
        cli.client.post(path_of("containers", name, "/restart"), query)

    return for_each(cli, call.arguments, restart)
