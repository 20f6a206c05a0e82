"""``docker logout``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.registry.credentials import HUB, erase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_most(1)


def run(cli: Cli, call: Call) -> int:
    """Forget who the user is at a registry."""
    server = call.arguments[0] if call.arguments else ""
    host = server.removeprefix("https://").removeprefix("http://").partition("/")[0]
    name = HUB if host in ("", "docker.io") else host
    cli.line(f"Removing login credentials for {name}")
    erase(cli.config, name)
    return 0
