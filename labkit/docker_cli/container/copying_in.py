"""``docker cp SRC CONTAINER:DEST``: packs files and sends them to a folder inside."""

from __future__ import annotations

import os
import tarfile
import tempfile

from labkit.base.units import human_size
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.path_stat import PathStat, link_target, stat_path
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.input_file import read_pieces
from labkit.docker_cli.terminal import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from labkit.docker_cli.cli import Cli
    from labkit.docker_cli.flags import Values

_IN_MEMORY = 8 * 1024 * 1024
_PIECE = 256 * 1024


def copy_in(cli: Cli, source: str, container: str, target: str, values: Values) -> str:
    """Copy into a container; return what to say of it.

    Raises:
        CliError: the one is not there, or the other can't take it.
    """
    stat, place = _destination(cli, container, target)
    if source == "-":
        if stat is None or not stat.is_folder:
            raise CliError(f'destination "{container}:{target}" must be a directory')
        copied = _send(cli, container, place, read_pieces(STDIN), values)
        return f"Successfully copied {human_size(copied, 3)} to {container}:{place}"
    source = _resolved(source, values.on("follow-link"))
    folder, name = _place(stat, place, target, source)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as archive:
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(os.path.normpath(source), name, filter=_cleaned)
            end = tar.offset + 2 * tarfile.BLOCKSIZE
        archive.truncate(end)  # Go ends a tar here, Python fills it up to 10 kB
        archive.seek(0)
        copied = _send(cli, container, folder, _pieces(archive), values)
    return f"Successfully copied {human_size(copied, 3)} to {container}:{place}"


def _cleaned(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uname = member.gname = ""
    member.mtime = int(member.mtime)  # as Docker: whole seconds need no further header
    return member


def _destination(cli: Cli, container: str, target: str) -> tuple[PathStat | None, str]:
    stat = stat_path(cli, container, target)
    if stat is not None and stat.is_link:
        target = link_target(target, stat.target)
        stat = stat_path(cli, container, target)
    if stat is not None and stat.oddity:
        raise CliError(
            f'destination "{container}:{target}" must be a directory or a regular '
            f"file: got {stat.oddity}"
        )
    return stat, target


def _resolved(source: str, follow: bool) -> str:
    path = os.path.abspath(source)
    if not os.path.lexists(path):
        raise CliError(f"lstat {path}: no such file or directory")
    ending = "/." if source.endswith("/.") or source == "." else ""
    if follow or source.endswith("/"):
        real = os.path.realpath(path)
        if os.path.basename(real) != os.path.basename(path) and follow:
            return real + ending
        path = real if os.path.isdir(real) else path
    return path + ending


def _place(
    stat: PathStat | None, place: str, target: str, source: str
) -> tuple[str, str]:
    """Return the folder to unpack in, and the name that the source has there."""
    is_folder = os.path.isdir(source) and not os.path.islink(source.removesuffix("/."))
    name = os.path.basename(os.path.normpath(source))
    if stat is not None and stat.is_folder:
        return place, "." if source.endswith("/.") else name
    if stat is not None:
        if is_folder:
            raise CliError("cannot copy directory")
        if target.endswith("/"):
            raise CliError("not a directory")
    elif target.endswith("/") and not is_folder:
        raise CliError("no such directory")
    trimmed = place.rstrip("/")
    return os.path.dirname(trimmed) or "/", os.path.basename(trimmed)


def _pieces(archive: IO[bytes]) -> Iterator[bytes]:
    while data := archive.read(_PIECE):
        yield data


def _send(
    cli: Cli, container: str, folder: str, pieces: Iterable[bytes], values: Values
) -> int:
    sent = 0

    def counted() -> Iterator[bytes]:
        nonlocal sent
        for piece in pieces:
            sent += len(piece)
            yield piece

    query: dict[str, object] = {"path": folder, "noOverwriteDirNonDir": "true"}
    if values.on("archive"):
        query["copyUIDGID"] = "true"
    path = path_of("containers", container, "/archive")
    headers = {"Content-Type": "application/x-tar"}
    cli.client.upload("PUT", path, query, counted(), headers).read()
    return sent
