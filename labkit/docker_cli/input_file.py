"""Files that are sent to the engine, a piece at a time."""

from __future__ import annotations

import os

from labkit.base.errors import os_reason
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 256 * 1024


def read_pieces(fd: int) -> Iterator[bytes]:
    """Yield what an open file holds."""
    while data := os.read(fd, _PIECE):
        yield data


def open_input(path: str) -> int:
    """Return a descriptor of a file.

    Raises:
        CliError: it can't be read, in Go's words.
    """
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise CliError(f"open {path}: {os_reason(error)}") from None
