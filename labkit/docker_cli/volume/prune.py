"""``docker volume prune``."""

from __future__ import annotations

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import version_number
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.prune import prune_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE

_ANONYMOUS_ONLY = "1.42"
"""From this version on, named volumes go only when they are asked for."""

ANONYMOUS_WARNING = (
    "WARNING! This will remove anonymous local volumes not used by at least one "
    "container."
)
_ALL_WARNING = (
    "WARNING! This will remove all local volumes not used by at least one container."
)


def run(cli: Cli, call: Call) -> int:
    """Remove volumes that no container uses."""
    every = call.values.on("all")
    anonymous = version_number(cli.client.version) >= version_number(_ANONYMOUS_ONLY)
    if every and any(each.startswith("all=") for each in call.values.list("filter")):
        raise CliError(
            "conflicting options: cannot specify both --all and --filter all=1"
        )
    warning = _ALL_WARNING if every or not anonymous else ANONYMOUS_WARNING
    return prune_one(cli, call, "volumes", warning, ["all=true"] if every else [])
