"""``-o FILE``: an archive to a file, whole or not at all, or to stdout."""

from __future__ import annotations

import os

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.streams import write_all
from labkit.docker_cli.terminal import STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def copy_to(output: str, what: str, read: Callable[[], Iterator[bytes]]) -> None:
    """Copy what ``read`` gives; it is asked only if there is a place for it.

    Raises:
        CliError: the place is a terminal, or can't be written.
    """
    if not output:
        if os.isatty(STDOUT):
            raise CliError(
                "cowardly refusing to save to a terminal. Use the -o flag or redirect"
            )
        for piece in read():
            write_all(STDOUT, piece)
        return
    check_place(output, what)
    draft = os.path.join(
        os.path.dirname(output) or ".", f".tmp-{os.path.basename(output)}{os.getpid()}"
    )
    pieces = read()
    if os.path.exists(output) and not os.path.isfile(output):
        draft = output
    try:
        with open(draft, "wb") as file:
            for piece in pieces:
                file.write(piece)
        if draft != output:
            os.rename(draft, output)
    except BaseException:
        if draft != output and os.path.exists(draft):
            os.unlink(draft)
        raise


def check_place(path: str, what: str) -> None:
    """Refuse a place that can't be written.

    Raises:
        CliError: in docker/cli's words.
    """
    folder = os.path.dirname(os.path.normpath(path))
    if folder not in ("", ".") and not os.path.exists(folder):
        raise CliError(
            f"failed to {what}: invalid output path: stat {folder}: "
            "no such file or directory"
        )
    if os.path.isdir(path):
        raise CliError(f"failed to {what}: cannot write to a directory")
