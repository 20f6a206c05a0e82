"""What a build is given: a folder, an archive or a Dockerfile on stdin, or a URL."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile

from labkit.base.errors import os_reason
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.input_file import read_pieces
from labkit.docker_cli.terminal import STDIN
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.ignore import IgnoreRules, compile_patterns, read_ignore_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

_DEFAULT = "Dockerfile"
_IN_MEMORY = 16 * 1024 * 1024
_PIECE = 256 * 1024
_HEAD = 1024
_MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_USTAR_AT = 257


class BuildContext:
    """The bytes to send, the Dockerfile's place in them, or where to fetch them."""

    __slots__ = ("dockerfile", "pieces", "remote")

    def __init__(
        self, pieces: Iterable[bytes], dockerfile: str, remote: str = ""
    ) -> None:
        self.pieces = pieces
        self.dockerfile = dockerfile
        self.remote = remote


def open_context(place: str, dockerfile: str) -> BuildContext:
    """Return what to send for ``docker build PLACE``.

    Raises:
        CliError: there is nothing to build, in docker/cli's words.
    """
    if place == "-":
        if dockerfile == "-":
            raise CliError(
                "invalid argument: can't use stdin for both build context and "
                "dockerfile"
            )
        return _from_stdin(dockerfile)
    if place.startswith(("http://", "https://", "git://", "github.com/", "git@")):
        return BuildContext((), dockerfile or _DEFAULT, remote=place)
    if os.path.exists(place) and not os.path.isdir(place):
        whole = os.path.realpath(place)
        raise CliError(
            f"unable to prepare context: context must be a directory: {whole}"
        )
    if not os.path.isdir(place):
        raise CliError(f'unable to prepare context: path "{place}" not found')
    return _from_folder(os.path.realpath(place), dockerfile)


def _from_stdin(dockerfile: str) -> BuildContext:
    head = b""
    while len(head) < _HEAD and (data := os.read(STDIN, _HEAD - len(head))):
        head += data
    if head.startswith(_MAGIC) or head[_USTAR_AT : _USTAR_AT + 5] == b"ustar":
        return BuildContext(_chained(head), dockerfile or _DEFAULT)
    if dockerfile:
        raise CliError(
            "unable to prepare context from STDIN: ambiguous Dockerfile source: both "
            "stdin and flag correspond to Dockerfiles"
        )
    text = b"".join(_chained(head))
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _add_bytes(tar, _DEFAULT, text)
    return BuildContext((archive.getvalue(),), _DEFAULT)


def _chained(head: bytes) -> Iterator[bytes]:
    yield head
    yield from read_pieces(STDIN)


def _from_folder(folder: str, dockerfile: str) -> BuildContext:
    outside: bytes | None = None
    if dockerfile == "-":
        name, outside = "", b"".join(read_pieces(STDIN))
    else:
        name = _relative(folder, dockerfile)
        if name.startswith("../"):
            outside = _read_outside(dockerfile)
    rules = _ignore_rules(folder, name if outside is None else "")
    # A Dockerfile of elsewhere gets a name that nothing in the context has.
    sent = f".dockerfile.{os.urandom(10).hex()}" if outside is not None else name
    return BuildContext(_packed(folder, rules, sent, outside), sent)


def _relative(folder: str, dockerfile: str) -> str:
    path = dockerfile if dockerfile else os.path.join(folder, _DEFAULT)
    if not dockerfile and not os.path.lexists(path):
        lower = os.path.join(folder, _DEFAULT.lower())
        path = lower if os.path.lexists(lower) else path
    if not os.path.isabs(path):
        inside = os.path.join(folder, path)
        path = path if os.path.exists(path) or not os.path.exists(inside) else inside
    whole = os.path.abspath(path)
    if not os.path.lexists(whole):
        folder_there = os.path.realpath(os.path.dirname(whole))
        whole = os.path.join(folder_there, os.path.basename(whole))
        raise CliError(
            "unable to prepare context: unable to evaluate symlinks in "
            "Dockerfile path: "
            f"lstat {whole}: no such file or directory"
        )
    real = os.path.join(
        os.path.realpath(os.path.dirname(whole)), os.path.basename(whole)
    )
    return os.path.relpath(real, folder)


def _read_outside(dockerfile: str) -> bytes:
    try:
        with open(dockerfile, "rb") as file:
            return file.read()
    except OSError as error:
        raise CliError(
            f"unable to open Dockerfile: open {dockerfile}: {os_reason(error)}"
        ) from None


def _ignore_rules(folder: str, dockerfile: str) -> IgnoreRules:
    """Return what is left out; never the Dockerfile, nor the list itself."""
    path = os.path.join(folder, ".dockerignore")
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return compile_patterns(())
    except OSError as error:
        raise CliError(f"checking context: {error}") from None
    kept = [".dockerignore", dockerfile]
    try:
        rules = read_ignore_file(text)
        wanted = [f"!{name}" for name in kept if name and rules.excludes(name)]
        return read_ignore_file("\n".join([text, *wanted])) if wanted else rules
    except Fault as error:
        raise CliError(f"error checking context: {error}") from None


def _packed(
    folder: str, rules: IgnoreRules, dockerfile: str, text: bytes | None
) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as archive:
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in _chosen(folder, rules):
                whole = os.path.join(folder, path)
                _add(tar, whole, path)
            if text is not None:
                _add_bytes(tar, dockerfile, text)
        archive.seek(0)
        yield from _pieces(archive)


def _pieces(archive: IO[bytes]) -> Iterator[bytes]:
    while data := archive.read(_PIECE):
        yield data


def _chosen(folder: str, rules: IgnoreRules) -> Iterator[str]:
    """Yield what the context holds, by name; a folder before what is in it."""
    for here, folders, files in os.walk(folder):
        prefix = os.path.relpath(here, folder)
        prefix = "" if prefix == "." else f"{prefix}/"
        folders.sort()
        for name in sorted([*folders, *files]):
            path = prefix + name
            if not rules.excludes(path):
                yield path
        folders[:] = [
            name
            for name in folders
            if not rules.excludes(prefix + name)
            or rules.may_take_back_below(prefix + name)
        ]


def _add(tar: tarfile.TarFile, whole: str, path: str) -> None:
    try:
        member: tarfile.TarInfo | None = tar.gettarinfo(whole, path)
    except OSError as error:
        raise CliError(f"error checking context: can't stat '{whole}'") from error
    if member is None:  # a socket
        return
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    if not member.isreg():
        tar.addfile(member)
        return
    try:
        with open(whole, "rb") as file:
            tar.addfile(member, file)
    except PermissionError:
        raise CliError(
            f"error checking context: no permission to read from '{whole}'"
        ) from None


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))
