"""``docker cp CONTAINER:SRC DEST``: unpacks what the engine sends.

Where it goes is ``cp -a``'s rule: into a folder that is there, under the source's own
name; else it takes the destination's name.
"""

from __future__ import annotations

import os
import stat
import tarfile
import tempfile

from labkit.base.units import human_size
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.path_stat import (
    PathStat,
    link_target,
    stat_path,
)
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.streams import write_all
from labkit.docker_cli.terminal import STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_IN_MEMORY = 8 * 1024 * 1024


def copy_out(cli: Cli, container: str, source: str, target: str, follow: bool) -> str:
    """Copy out of a container; return what to say of it.

    Raises:
        CliError: the one is not there, or the other can't be written.
    """
    if target != "-":
        _check_output(target)
    rename = ""
    if follow:
        source, rename = _followed(cli, container, source)
    query = {"path": source}
    answer = cli.client.call("GET", path_of("containers", container, "/archive"), query)
    if target == "-":
        for piece in answer.pieces():
            write_all(STDOUT, piece)
        return ""
    found = PathStat(answer.headers["x-docker-container-path-stat"])
    place = place_for(target, source, rename or _base(source, found), found.is_folder)
    copied = 0
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as archive:
        for piece in answer.pieces():
            copied += len(piece)
            archive.write(piece)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as tar:
            _unpack(tar, place)
    shown = os.path.abspath(target) + ("/" if target.endswith("/") else "")
    return f"Successfully copied {human_size(copied, 3)} to {shown}"


def _followed(cli: Cli, container: str, source: str) -> tuple[str, str]:
    found = stat_path(cli, container, source)
    if found is None or not found.is_link:
        return source, ""
    return link_target(source, found.target), os.path.basename(source.rstrip("/"))


def _base(source: str, found: PathStat) -> str:
    return os.path.basename(os.path.normpath(source)) or found.name


def _check_output(target: str) -> None:
    folder = os.path.dirname(os.path.abspath(target.rstrip("/") or "/"))
    if not os.path.isdir(folder):
        raise CliError(f'invalid output path: directory "{folder}" does not exist')
    # Made anew in its place, /dev/null would be a file for the whole machine.
    if os.path.exists(target) and _is_device(os.stat(target).st_mode):
        raise CliError(
            f'invalid output path: "{target}" must be a directory or a regular file: '
            "got a device"
        )


def _is_device(mode: int) -> bool:
    return stat.S_ISCHR(mode) or stat.S_ISBLK(mode)


def place_for(target: str, source: str, name: str, is_folder: bool) -> str:
    """Return the path that the first entry of the archive gets.

    Raises:
        CliError: a folder can't be a file, nor a file a folder.
    """
    contents = source.endswith("/.") or source == "."
    path = os.path.abspath(target)
    if os.path.isdir(path):
        return path if contents and is_folder else os.path.join(path, name)
    if os.path.exists(path):
        if is_folder:
            raise CliError("cannot copy directory")
        if target.endswith("/"):
            raise CliError("not a directory")
        return path
    if target.endswith("/") and not is_folder:
        raise CliError("no such directory")
    return path


def _unpack(tar: tarfile.TarFile, place: str) -> None:
    """Unpack an archive whose first entry is to be at ``place``; nothing leads out."""
    first = ""
    for member in tar:
        name = member.name.strip("/")
        if not first:
            first = name or "."
            rest = ""
        else:
            rest = name.removeprefix(first).strip("/") if first != "." else name
        member.name = os.path.basename(place)
        if rest:
            member.name = os.path.join(member.name, rest)
        if member.islnk():
            inner = member.linkname.strip("/").removeprefix(first).strip("/")
            member.linkname = os.path.join(os.path.basename(place), inner)
        folder = os.path.dirname(place)
        if place == "/":
            folder = "/"
        if member.issym() or not os.path.islink(place):
            _clear(os.path.join(folder, member.name), member.isdir())
        tar.extract(member, folder, filter=_checked)


def _clear(path: str, is_folder: bool) -> None:
    """Make room: a file gives way to what comes, a folder only to a folder."""
    if not os.path.lexists(path):
        return
    if os.path.isdir(path) and not os.path.islink(path):
        if not is_folder:
            raise CliError("cannot overwrite directory with non-directory")
    else:
        os.unlink(path)


def _checked(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """Refuse what would land outside; owners stay as they are for root only."""
    whole = os.path.realpath(os.path.join(folder, os.path.dirname(member.name)))
    if os.path.commonpath([whole, os.path.realpath(folder)]) != os.path.realpath(
        folder
    ):
        raise CliError(f"refusing to write outside of {folder}: {member.name}")
    return member
