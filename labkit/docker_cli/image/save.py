"""``docker save``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.output_file import copy_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Write images as an archive."""
    query = {"names": call.arguments}
    copy_to(
        call.values.text("output"),
        "save image",
        lambda: cli.client.call("GET", "/images/get", query).pieces(),
    )
    return 0
