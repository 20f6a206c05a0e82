"""Names of images, as commands take them and as people read them."""

from __future__ import annotations

from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.base.reference import DEFAULT_TAG, Reference, parse_bare_reference
from labkit.docker_cli.errors import CliError


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
