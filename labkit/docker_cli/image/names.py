"""Names of images, as commands take them and as people read them."""

from __future__ import annotations

from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.base.reference import DEFAULT_TAG, Reference, parse_bare_reference
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli


def parse_name(text: str) -> Reference:
    """Return a name with nothing added.

    Raises:
        CliError: it is none, in Docker's words.
    """
    try:
        return parse_bare_reference(text)
    except InvalidInputError as error:
        raise CliError(str(error)) from None


def is_name_only(name: Reference) -> bool:
    """Say whether a name has neither tag nor digest."""
    return name.tag is None and name.digest is None


def with_default_tag(name: Reference) -> Reference:
    """Return a name that has a tag or a digest."""
    return replace(name, tag=DEFAULT_TAG) if is_name_only(name) else name


def name_to_transfer(cli: Cli, call: Call) -> Reference:
    """Return what ``pull`` and ``push`` shall move: one tag, or all of a name's.

    Raises:
        CliError: it is no name, or has a tag where all were asked for.
    """
    name = parse_name(call.arguments[0])
    every_tag = call.values.on("all-tags")
    if every_tag and not is_name_only(name):
        raise CliError("tag can't be used with --all-tags/-a")
    if not every_tag and is_name_only(name):
        name = with_default_tag(name)
        if not call.values.on("quiet"):
            cli.line(f"Using default tag: {name.tag}")
            cli.flush()
    return name


def repository_and_tag(text: str) -> tuple[str, str]:
    """Return what ``commit`` and ``import`` send of a name: repository and tag.

    Raises:
        CliError: it is none.
    """
    name = with_default_tag(parse_name(text))
    return (
        name.name if name.domain != "docker.io" else name.familiar_name,
        name.tag or "",
    )
