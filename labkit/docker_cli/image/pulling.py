"""Pulling an image, for ``pull`` and for a ``run`` that lacks it."""

from __future__ import annotations

from labkit.docker_cli.image.names import parse_name, with_default_tag
from labkit.docker_cli.progress import show_progress
from labkit.docker_cli.registry.credentials import (
    auth_header,
    credentials_for,
    registry_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli


def pull_image(
    cli: Cli,
    image: str,
    platform: str,
    quiet: bool,
    *,
    to_stderr: bool = False,
    every_tag: bool = False,
) -> None:
    """Pull an image and show how it goes.

    Raises:
        CliError: it can't be had.
    """
    name = parse_name(image) if every_tag else with_default_tag(parse_name(image))
    query: dict[str, object] = {"fromImage": name.familiar_name}
    if not every_tag:
        query["tag"] = str(name.digest) if name.digest else name.tag
    if platform:
        query["platform"] = platform.lower()
    auth = credentials_for(cli.config, registry_of(name.domain))
    answer = cli.client.call("POST", "/images/create", query, None, auth_header(auth))
    if quiet:
        for message in answer.values():
            if message.get("error"):
                show_progress([message])
        return
    show_progress(answer.values(), to_stderr)
