"""``docker container prune``."""

from __future__ import annotations

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.prune import prune_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE


def run(cli: Cli, call: Call) -> int:
    """Remove stopped containers."""
    warning = "WARNING! This will remove all stopped containers."
    return prune_one(cli, call, "containers", warning)
