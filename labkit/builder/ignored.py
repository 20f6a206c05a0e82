"""The ignore file of a context that arrives whole: what no instruction may see of it.

A client leaves out what ``.dockerignore`` names, but two files it has to send in any
case: the Dockerfile and ``.dockerignore`` itself. The classic builder takes those away
as soon as it has read them. A Dockerfile that lies elsewhere counts on it: the command
line packs it under a made-up name, and names that in ``.dockerignore``.
"""

import os
import posixpath
from contextlib import suppress
from pathlib import Path

from labkit.builder.context import DEFAULT_DOCKERFILE, open_inside, read_inside
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.ignore import IgnoreRules, read_ignore_file

IGNORE_FILE = ".dockerignore"


def remove_ignored(context: Path, dockerfile: str) -> None:
    """Take the Dockerfile and the ignore file away, if that leaves them out."""
    rules = _read_rules(context)
    for path in (IGNORE_FILE, _used(context, dockerfile or DEFAULT_DOCKERFILE)):
        if rules.excludes(path):
            _remove(context, path)


def _read_rules(context: Path) -> IgnoreRules:
    data = read_inside(context, IGNORE_FILE)
    if data is None:
        return IgnoreRules()
    try:
        return read_ignore_file(data.decode(errors="replace"))
    except Fault:  # dockerd, too, goes on as if there were none
        return IgnoreRules()


def _used(context: Path, dockerfile: str) -> str:
    """Return the name of the Dockerfile as it was found."""
    path = posixpath.normpath(dockerfile.lstrip("/"))
    if path == DEFAULT_DOCKERFILE and not os.path.lexists(context / path):
        return path.lower()
    return path


def _remove(context: Path, path: str) -> None:
    folder, name = posixpath.split(path)
    with suppress(FileNotFoundError):
        fd = open_inside(context, folder or ".", os.O_PATH | os.O_DIRECTORY)
        try:
            os.unlink(name, dir_fd=fd)
        finally:
            os.close(fd)
