"""``docker pull``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.names import is_name_only, parse_name, with_default_tag
from labkit.docker_cli.image.pulling import pull_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Fetch an image from a registry."""
    values = call.values
    quiet, every_tag = values.on("quiet"), values.on("all-tags")
    name = parse_name(call.arguments[0])
    if every_tag and not is_name_only(name):
        raise CliError("tag can't be used with --all-tags/-a")
    if not every_tag and is_name_only(name):
        name = with_default_tag(name)
        if not quiet:
            cli.line(f"Using default tag: {name.tag}")
            cli.flush()
    platform = values.text("platform") or os.environ.get("DOCKER_DEFAULT_PLATFORM", "")
    pull_image(cli, name.text, platform, quiet, every_tag=every_tag)
    cli.line(name.text)
    return 0
