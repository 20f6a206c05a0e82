"""``docker network disconnect``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)


def run(cli: Cli, call: Call) -> int:
    """Unplug a container from a network."""
    network, container = call.arguments
    body = {"Container": container, "Force": call.values.on("force")}
    cli.client.post(path_of("networks", network, "/disconnect"), None, body)
    return 0
