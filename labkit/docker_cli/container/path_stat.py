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

_DIRECTORY, _LINK = 1 << 31, 1 << 27
"""Bits of Go's ``FileMode``."""


class PathStat:
    """A path: what it is, and where it leads if it is a link."""

    __slots__ = ("is_folder", "is_link", "name", "size", "target")

    def __init__(self, header: str) -> None:
        found = parse(binascii.a2b_base64(header).decode())
        self.name = str(found["name"])
        self.size = int(found["size"])
        self.target = str(found.get("linkTarget", ""))
        self.is_folder = bool(found["mode"] & _DIRECTORY)
        self.is_link = bool(found["mode"] & _LINK)


def stat_path(cli: Cli, container: str, path: str) -> PathStat | None:
    """Ask for a path; None if it is not there."""
    query = {"path": normal(path)}
    try:
        where = path_of("containers", container, "/archive")
        answer = cli.client.call("HEAD", where, query)
    except EngineError:
        return None
    answer.finished = True
    return PathStat(answer.headers["x-docker-container-path-stat"])


def normal(path: str) -> str:
    """Return a path with forward slashes only, as it was typed."""
    return path or "/"


def link_target(path: str, target: str) -> str:
    """Return where a link leads, seen from the container's root."""
    if target.startswith("/"):
        return target
    return os.path.normpath(os.path.join(os.path.dirname(path.rstrip("/")), target))
