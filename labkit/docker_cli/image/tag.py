"""``docker tag``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.names import parse_name, with_default_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)


def run(cli: Cli, call: Call) -> int:
    """Give an image one more name."""
    source, target = call.arguments
    _check(source, target, source)
    _check(source, target, target)
    name = parse_name(target)
    if name.digest is not None:
        raise CliError("refusing to create a tag with a digest reference")
    tagged = with_default_tag(name)
    query = {"repo": tagged.familiar_name, "tag": tagged.tag or ""}
    cli.client.post(path_of("images", source, "/tag"), query)
    return 0


def _check(source: str, target: str, text: str) -> None:
    if len(text) >= 12 and set(text) <= set("0123456789abcdef") and text == source:
        return  # an id
    try:
        parse_name(text)
    except CliError as error:
        which = "Error parsing reference: "
        if text == target:
            raise CliError(
                f'{which}"{text}" is not a valid repository/tag: {error}'
            ) from None
        raise CliError(
            f'{which}"{text}" is not a valid repository/tag: {error}'
        ) from None
