"""Snapshots without overlayfs: every layer and every container is a whole tree.

For data folders that overlayfs takes no upper on (another overlay, a network file
system). A layer begins as its parent with all files hard-linked, which costs names but
no bytes: a layer is never changed once it is there, and unpacking replaces files, it
does not write into them. A container's tree is a real copy, since programs do write.

``prepare`` returns no ``lower``: there is nothing to mount, ``upper`` is the tree, and
lies in ``rootfs`` already. What changed is found by comparing with the topmost layer.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.snapshots.changes import tree_changes
from labkit.snapshots.init_layer import fill_init_layer
from labkit.snapshots.layers import LayerStore
from labkit.snapshots.model import Change, ChangeKind, LayerUsage, OverlayDirs
from labkit.snapshots.overlay import choose_options
from labkit.snapshots.pack import folder_bytes, pack_layer
from labkit.snapshots.removal import remove_tree
from labkit.snapshots.unpack import UnpackOptions, unpack_layer

_BASE = "base"  # a link to the layer that the container began as
_PARTS = ("rootfs", "work", "init")


class CopyingSnapshots:
    """See ``labkit.snapshots.model.Snapshots``."""

    def __init__(self, root: Path, options: UnpackOptions | None = None) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._options = replace(options or choose_options(root), apply_marks=True)
        self._layers = LayerStore(root, self._unpack)

    def has_layer(self, chain_id: Digest) -> bool:
        return self._layers.has(chain_id)

    def add_layer(
        self,
        chain_id: Digest,
        parent: Digest | None,
        tar: BinaryIO,
        durable: bool = True,
    ) -> LayerUsage:
        return self._layers.add(chain_id, parent, tar, durable)

    def sync(self) -> None:
        self._layers.sync()

    def layer_usage(self, chain_id: Digest) -> LayerUsage:
        return self._layers.usage(chain_id)

    def remove_layer(self, chain_id: Digest) -> None:
        self._layers.remove(chain_id)

    def layer_path(self, chain_id: Digest) -> Path:
        return self._layers.path(chain_id)

    def prepare(self, folder: Path, chain_ids: tuple[Digest, ...]) -> OverlayDirs:
        lower = (self._layers.path(chain_ids[-1]),) if chain_ids else ()
        dirs = OverlayDirs((), folder / "rootfs", folder / "work")
        if (folder / _BASE).is_symlink():
            return dirs
        self.discard(folder)  # half a copy, if a crash came between
        for name in _PARTS:
            (folder / name).mkdir(parents=True)
        fill_init_layer(folder / "init", lower)
        for source in (*lower, folder / "init"):
            copy_tree(source, folder / "rootfs", _copy_file)
        (folder / _BASE).symlink_to(lower[0] if lower else "init")
        return dirs

    def discard(self, folder: Path) -> None:
        (folder / _BASE).unlink(missing_ok=True)
        for name in _PARTS:
            remove_tree(folder / name)

    def changes(self, dirs: OverlayDirs) -> Iterator[Change]:
        # Mount points, and the folders they were made in, count as the image's.
        folder = dirs.upper.parent
        return tree_changes((folder / "init", folder / _BASE), dirs.upper)

    def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None:
        kept: set[str] = set()
        deleted = []
        for change in self.changes(dirs):
            name = change.path.lstrip("/")
            if change.kind is ChangeKind.DELETED:
                deleted.append(name)
            else:
                kept.add(name)
        pack_layer(dirs.upper, out, kept.__contains__, tuple(deleted))

    def usage(self, dirs: OverlayDirs) -> int:
        return folder_bytes(dirs.upper)

    def _unpack(self, tar: BinaryIO, target: Path, base: Path | None) -> LayerUsage:
        if base is not None:
            copy_tree(base, target, _link_file)
        return unpack_layer(tar, target, self._options)


CopyFile = Callable[[Path, Path], None]


def copy_tree(source: Path, target: Path, copy_file: CopyFile) -> None:
    """Copy what is in a folder into another, owners, times and attributes too."""
    with os.scandir(source) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        old, new = source / name, target / name
        status = old.lstat()
        if stat.S_ISDIR(status.st_mode):
            new.mkdir(exist_ok=True)
            copy_tree(old, new, copy_file)
        else:
            copy_file(old, new)
    _copy_metadata(source, target)


def _link_file(old: Path, new: Path) -> None:
    os.link(old, new, follow_symlinks=False)


def _copy_file(old: Path, new: Path) -> None:
    status = old.lstat()
    if stat.S_ISLNK(status.st_mode):
        new.symlink_to(os.readlink(old))
    elif stat.S_ISREG(status.st_mode):
        shutil.copyfile(old, new, follow_symlinks=False)
    else:
        os.mknod(new, status.st_mode, status.st_rdev)
    _copy_metadata(old, new)


def _copy_metadata(old: Path, new: Path) -> None:
    status = old.lstat()
    if os.geteuid() == 0:
        os.chown(new, status.st_uid, status.st_gid, follow_symlinks=False)
    for name in os.listxattr(old, follow_symlinks=False):
        value = os.getxattr(old, name, follow_symlinks=False)
        os.setxattr(new, name, value, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        new.chmod(stat.S_IMODE(status.st_mode))
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(new, ns=times, follow_symlinks=False)
