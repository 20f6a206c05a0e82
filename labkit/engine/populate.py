"""Filling a new volume with what the image has at its place.

``docker run -v data:/var/lib/app`` hides the image's ``/var/lib/app``; so that the
program still finds its files, an empty volume begins as a copy of them: owners, modes,
times and links included. A volume that has anything in it is left alone.
"""

import os
import shutil
import stat
from contextlib import ExitStack
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.snapshots.view import Entry, LayerView


def populate_volume(view: LayerView, target: str, folder: Path) -> None:
    """Copy the image's content at ``target`` into an empty volume."""
    source = view.find(target)
    if source is None or not source.is_folder or any(folder.iterdir()):
        return
    try:
        _copy_children(view, source, folder)
        _copy_status(source.status, folder)
    except OSError as error:
        raise InternalError(
            f"cannot copy {target!r} of the image into volume folder {folder}: {error}"
        ) from error


def _copy_children(view: LayerView, source: Entry, folder: Path) -> None:
    for entry in view.children(source):
        _copy(view, entry, folder / os.path.basename(entry.path))


def _copy(view: LayerView, entry: Entry, place: Path) -> None:
    mode = entry.status.st_mode
    if stat.S_ISDIR(mode):
        place.mkdir()
        _copy_children(view, entry, place)
    elif stat.S_ISLNK(mode):
        place.symlink_to(view.read_link(entry))
    elif stat.S_ISREG(mode):
        _copy_file(view, entry, place)
    elif stat.S_ISFIFO(mode):
        os.mkfifo(place)
    else:
        return  # devices and sockets make no sense in a volume
    _copy_status(entry.status, place)


def _copy_file(view: LayerView, entry: Entry, place: Path) -> None:
    with ExitStack() as stack:
        fd = view.open(entry, stack)
        if fd is None:
            return
        source = stack.enter_context(os.fdopen(os.dup(fd), "rb"))
        shutil.copyfileobj(source, stack.enter_context(place.open("xb")))


def _copy_status(status: os.stat_result, place: Path) -> None:
    os.chown(place, status.st_uid, status.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        place.chmod(stat.S_IMODE(status.st_mode))  # after chown, which clears setuid
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(place, ns=times, follow_symlinks=False)
