"""Which builder ``docker build`` goes to: the buildx plug-in, or the classic door."""

from __future__ import annotations

import os

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.plugins import find_plugin
from labkit.docker_cli.values import read_bool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_DEPRECATED = (
    "DEPRECATED: The legacy builder is deprecated and will be removed in a future "
    "release.\n            "
)
_MISSING = (
    "Install the buildx component to build images with BuildKit:\n"
    "            https://docs.docker.com/go/buildx/\n"
)
_DISABLED = (
    "BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0\n"
    "            environment-variable.\n"
)
_BROKEN = (
    "ERROR: BuildKit is enabled but the buildx component is missing or broken.\n"
    "       Install the buildx component to build images with BuildKit:\n"
    "       https://docs.docker.com/go/buildx/"
)


class Door:
    """A plug-in that builds, and the words for it."""

    __slots__ = ("program", "words")

    def __init__(self, program: str, words: list[str]) -> None:
        self.program = program
        self.words = words


def find(cli: Cli, arguments: list[str]) -> Door | None:
    """Return the plug-in that a build goes to; None for the classic one, said so.

    Raises:
        CliError: a builder was asked for that is not there.
    """
    rest = _forwarded(arguments)
    if rest is None:
        return None
    asked = os.environ.get("DOCKER_BUILDKIT", "")
    wanted = _enabled(asked) if asked else None
    if wanted is False:
        cli.error(_DEPRECATED + _DISABLED)
        return None
    program = find_plugin(cli.config, "buildx")
    if program is not None:
        return Door(program, ["buildx", *rest])
    if wanted:
        raise CliError(_BROKEN)
    cli.error(_DEPRECATED + _MISSING)
    return None


def _enabled(asked: str) -> bool:
    try:
        return read_bool(asked)
    except ValueError as error:
        raise CliError(
            f"DOCKER_BUILDKIT environment variable expects boolean value: {error}"
        ) from None


def _forwarded(arguments: list[str]) -> list[str] | None:
    if arguments[0] == "build":
        return arguments
    if arguments[:2] == ["image", "build"]:
        return arguments[1:]
    if arguments[0] == "builder":
        return arguments[1:]
    return None
