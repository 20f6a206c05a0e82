"""``docker export``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.output_file import copy_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Write a container's files as an archive."""
    output = call.values.text("output")
    path = path_of("containers", call.arguments[0], "/export")
    copy_to(output, "export container", lambda: cli.client.call("GET", path).pieces())
    return 0
