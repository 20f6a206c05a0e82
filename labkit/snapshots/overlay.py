"""Snapshots on overlayfs: layers are shared, a container owns its upper folder only.

Nothing is mounted here. ``prepare`` says which folders belong on top of one another,
and the runtime mounts them in the container's own mount namespace.

``root`` is the ``layers`` folder of the data root. It must not lie on an overlayfs (a
container's own root file system): the kernel takes no such folder as upper.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.snapshots import marks
from labkit.snapshots.changes import upper_changes
from labkit.snapshots.init_layer import fill_init_layer
from labkit.snapshots.layers import LayerStore
from labkit.snapshots.model import Change, LayerUsage, OverlayDirs
from labkit.snapshots.pack import folder_bytes, pack_counted, pack_layer
from labkit.snapshots.removal import remove_tree
from labkit.snapshots.unpack import (
    Devices,
    UnpackOptions,
    is_mapped_root,
    unpack_layer,
)

_EMPTY = "empty"
_PARTS = ("upper", "work", "rootfs")


class OverlaySnapshots:
    """See ``labkit.snapshots.model.Snapshots``.

    ``user_xattr`` tells whether the runtime must mount with ``userxattr``: where we are
    not the machine's root.
    """

    def __init__(self, root: Path, options: UnpackOptions | None = None) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._options = options or choose_options(root)
        self._layers = LayerStore(root, self._unpack)

    @property
    def user_xattr(self) -> bool:
        return self._options.overlay_prefix == marks.USER

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

    def adopt_layer(self, chain_id: Digest, folder: Path, usage: LayerUsage) -> None:
        """Make an upper folder a layer by renaming it; ``sync`` makes it durable."""
        self._layers.adopt(chain_id, folder, usage)

    def pack(self, folder: Path, out: BinaryIO) -> LayerUsage:
        """Write an upper folder as a layer's tar and count what is in it."""
        return pack_counted(folder, out)

    def layer_usage(self, chain_id: Digest) -> LayerUsage:
        return self._layers.usage(chain_id)

    def remove_layer(self, chain_id: Digest) -> None:
        self._layers.remove(chain_id)

    def layer_path(self, chain_id: Digest) -> Path:
        return self._layers.path(chain_id)

    def prepare(self, folder: Path, chain_ids: tuple[Digest, ...]) -> OverlayDirs:
        stack = tuple(self._layers.short_path(chain) for chain in reversed(chain_ids))
        init = self._init_layer(chain_ids, stack)
        for name in _PARTS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        # The merged root looks like the topmost folder, which is the upper.
        (folder / "upper").chmod(0o755)
        return OverlayDirs((init, *stack), folder / "upper", folder / "work")

    def discard(self, folder: Path) -> None:
        for name in _PARTS:
            remove_tree(folder / name)

    def changes(self, dirs: OverlayDirs) -> Iterator[Change]:
        return upper_changes(dirs.lower, dirs.upper)

    def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None:
        pack_layer(dirs.upper, out)

    def usage(self, dirs: OverlayDirs) -> int:
        return folder_bytes(dirs.upper)

    def _unpack(self, tar: BinaryIO, target: Path, _: Path | None) -> LayerUsage:
        return unpack_layer(tar, target, self._options)

    def _init_layer(
        self, chain_ids: tuple[Digest, ...], stack: tuple[Path, ...]
    ) -> Path:
        """Return the mount points' layer of an image, made at its first container."""
        name = chain_ids[-1].hex if chain_ids else _EMPTY
        home = self._layers.root / name
        if not (home / "init").exists():
            if not chain_ids:
                home.mkdir(exist_ok=True)
            with self._layers.draft() as draft:
                (draft / "diff").mkdir(mode=0o755)
                fill_init_layer(draft / "diff", stack)
                try:
                    draft.rename(home / "init")
                except OSError:
                    if not (home / "init").exists():
                        raise  # else another container was faster
        return self._layers.link(f"i{name}", f"../{name}/init/diff")


def choose_options(root: Path) -> UnpackOptions:
    """Find out what we may do in a folder."""
    prefix = marks.choose_prefix(root)
    is_machine_root = prefix == marks.TRUSTED
    return UnpackOptions(
        is_root=is_mapped_root(),
        devices=Devices.MAKE if is_machine_root else Devices.SKIP,
        overlay_prefix=prefix,
    )
