"""A folder as a tar, without what its ``.dockerignore`` leaves out."""

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.packing import head, padding
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.ignore import IgnoreRules, read_ignore_file

_PIECE_BYTES = 1 << 18
_IGNORE = ".dockerignore"


def read_rules(folder: Path, dockerfile: Path | None) -> IgnoreRules:
    """Read the ignore file: the Dockerfile's own one, or the folder's.

    Raises:
        BuildxError: a line of it is no pattern.
    """
    own = (
        [] if dockerfile is None else [dockerfile.with_name(dockerfile.name + _IGNORE)]
    )
    for path in (*own, folder / _IGNORE):
        try:
            return read_ignore_file(path.read_text("utf-8", "replace"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except Fault as fault:
            raise BuildxError(f"cannot read {path}: {fault}") from fault
    return IgnoreRules()


def pack(folder: Path, rules: IgnoreRules) -> Iterator[bytes]:
    """Yield a tar of a folder; everything in it is root's.

    Raises:
        BuildxError: it is no folder, or something in it can't be read.
    """
    if not folder.is_dir():
        raise BuildxError(f'unable to prepare context: path "{folder}" not found')
    try:
        for path, name in _walk(folder, "", rules):
            yield from _entry(path, name)
    except OSError as error:
        raise BuildxError(
            f"cannot read the build context: {error.filename}: {error.strerror}"
        ) from error
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def _walk(folder: Path, prefix: str, rules: IgnoreRules) -> Iterator[tuple[Path, str]]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        name = prefix + entry.name
        path = Path(entry.path)
        is_folder = entry.is_dir(follow_symlinks=False)
        if not rules.excludes(name):
            yield path, name
        elif not (is_folder and rules.may_take_back_below(name)):
            continue
        if is_folder:
            yield from _walk(path, f"{name}/", rules)


def _entry(path: Path, name: str) -> Iterator[bytes]:
    status = path.lstat()
    info = tarfile.TarInfo(name)
    info.mode = stat.S_IMODE(status.st_mode)
    info.mtime = int(status.st_mtime)
    if stat.S_ISDIR(status.st_mode):
        info.type = tarfile.DIRTYPE
    elif stat.S_ISLNK(status.st_mode):
        info.type = tarfile.SYMTYPE
        info.linkname = os.readlink(path)
    elif stat.S_ISREG(status.st_mode):
        yield from _file(path, info, status.st_size)
        return
    else:
        return  # a socket, a pipe, a device: no instruction could copy it
    yield head(info)


def _file(path: Path, info: tarfile.TarInfo, size: int) -> Iterator[bytes]:
    info.size = size
    with path.open("rb") as file:
        yield head(info)
        left = size
        while left and (data := file.read(min(left, _PIECE_BYTES))):
            left -= len(data)
            yield data
    # It may have shrunk meanwhile: the size is said already.
    yield b"\0" * left + padding(size)
