"""What a container changed: ``docker diff``.

With overlayfs the upper folder *is* the answer: a whiteout is a deletion, an entry that
no lower layer shows is an addition, any other a change. A folder was copied up as soon
as something in it changed, so it is listed with it; one that was copied up and then
left as it was (its content deleted again) is not.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from labkit.snapshots import marks
from labkit.snapshots.held import held_folder
from labkit.snapshots.merged import list_names, look_up
from labkit.snapshots.model import Change, ChangeKind


def upper_changes(lower: tuple[Path, ...], upper: Path) -> Iterator[Change]:
    """Compare an upper folder with what is below it, in the order of names."""
    yield from _walk(lower, upper, "")


def tree_changes(old: tuple[Path, ...], new: Path) -> Iterator[Change]:
    """Compare whole trees, for a container that is a copy of ``old``, top first."""
    yield from _compare(old, new, "")


def _walk(
    lower: tuple[Path, ...], folder: Path, prefix: str, hides: bool = False
) -> Iterator[Change]:
    with held_folder(folder) as held:
        if held is None:
            return
        with os.scandir(held) as entries:
            here = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
        # Below an opaque folder nothing shows that was there, at any depth.
        hides = hides or (prefix != "" and marks.is_opaque(folder))
        gone = list_names(lower, prefix.rstrip("/")) - here.keys() if hides else set()
        for name in sorted(here.keys() | gone):
            path = prefix + name
            if name in gone or marks.is_whiteout(here[name]):
                yield Change(f"/{path}", ChangeKind.DELETED)
            else:
                yield from _entry(lower, held / name, path, here[name], hides)


def _entry(
    lower: tuple[Path, ...],
    entry: Path,
    path: str,
    status: os.stat_result,
    hides: bool,
) -> Iterator[Change]:
    below = look_up(lower, path)
    kind = ChangeKind.ADDED if below is None else ChangeKind.CHANGED
    if not stat.S_ISDIR(status.st_mode):
        yield Change(f"/{path}", kind)
        return
    inside = tuple(_walk(lower, entry, f"{path}/", hides))
    if below is None or inside or not _is_same(below.lstat(), status):
        yield Change(f"/{path}", kind)
    yield from inside


def _compare(old: tuple[Path, ...], new: Path, prefix: str) -> Iterator[Change]:
    before: dict[str, os.stat_result] = {}
    for folder in reversed(old):
        before |= _statuses(folder)
    after = _statuses(new)
    for name in sorted(before.keys() | after.keys()):
        path = f"{prefix}/{name}"
        if name not in after:
            yield Change(path, ChangeKind.DELETED)
            continue
        inside: tuple[Change, ...] = ()
        if stat.S_ISDIR(after[name].st_mode):
            # A folder that took a file's place has nothing to compare with.
            below = tuple(f / name for f in old if _is_folder(f / name))
            inside = tuple(_compare(below, new / name, path))
        if name not in before:
            yield Change(path, ChangeKind.ADDED)
        elif inside or not _is_same(before[name], after[name]):
            yield Change(path, ChangeKind.CHANGED)
        yield from inside


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _statuses(folder: Path) -> dict[str, os.stat_result]:
    with os.scandir(folder) as entries:
        return {entry.name: entry.stat(follow_symlinks=False) for entry in entries}


def _is_same(before: os.stat_result, after: os.stat_result) -> bool:
    """Compare what Docker compares; a folder's size is the file system's matter."""
    if (before.st_mode, before.st_uid, before.st_gid) != (
        after.st_mode,
        after.st_uid,
        after.st_gid,
    ):
        return False
    if before.st_mtime_ns != after.st_mtime_ns or before.st_rdev != after.st_rdev:
        return False
    return stat.S_ISDIR(before.st_mode) or before.st_size == after.st_size
