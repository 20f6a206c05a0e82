"""What the engine says of one path in a container."""

from __future__ import annotations

import binascii
import os

from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import EngineError
from labkit.docker_cli.json_text import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_DIRECTORY, _LINK, _DEVICE, _IRREGULAR = 1 << 31, 1 << 27, 1 << 26, 1 << 19
"""Bits of Go's ``FileMode``."""


class PathStat:
    """A path: what it is, and where it leads if it is a link."""

    __slots__ = ("is_folder", "is_link", "name", "oddity", "size", "target")

    def __init__(self, header: str) -> None:
        found = parse(binascii.a2b_base64(header).decode())
        self.name = str(found["name"])
        self.size = int(found["size"])
        self.target = str(found.get("linkTarget", ""))
        self.is_folder = bool(found["mode"] & _DIRECTORY)
        self.is_link = bool(found["mode"] & _LINK)
        self.oddity = _oddity(found["mode"])
        """What it is instead of a file, a folder or a link; else nothing."""


def stat_path(cli: Cli, container: str, path: str) -> PathStat | None:
    """Ask for a path; None if it is not there, or if the engine does not tell.

    Whatever else it refuses this for, it refuses the copy for as well, and says so
    then: Docker's own command asks in the same way.
    """
    query = {"path": path}
    try:
        where = path_of("containers", container, "/archive")
        answer = cli.client.call("HEAD", where, query)
    except EngineError:
        return None
    answer.finished = True
    return PathStat(answer.headers["x-docker-container-path-stat"])


def _oddity(mode: int) -> str:
    if mode & _DEVICE:
        return "a device"
    return "an irregular file" if mode & _IRREGULAR else ""


def link_target(path: str, target: str) -> str:
    """Return where a link leads, seen from the container's root."""
    if target.startswith("/"):
        return target
    return os.path.normpath(os.path.join(os.path.dirname(path.rstrip("/")), target))
