"""``docker pull``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.image.names import name_to_transfer
from labkit.docker_cli.image.pulling import pull_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Fetch an image from a registry."""
    values = call.values
    quiet, every_tag = values.on("quiet"), values.on("all-tags")
    name = name_to_transfer(cli, call)
    platform = values.text("platform") or os.environ.get("DOCKER_DEFAULT_PLATFORM", "")
    pull_image(cli, name.text, platform, quiet, every_tag=every_tag)
    cli.line(name.text)
    return 0
