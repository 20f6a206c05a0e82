"""Layers on the disk: each in a folder named by its chain id, whole or absent.

    <root>/<chain id hex>/diff         what the layer holds
    <root>/<chain id hex>/init/diff    mount points for containers of it (init_layer)
    <root>/<chain id hex>/layer.json   its parent and its size
    <root>/l/<short>                   a link to diff: mount(2) takes 4096 bytes
    <root>/.draft-<random>/            a layer that is being unpacked or removed

A layer is unpacked into a draft, written to the disk with syncfs(2), and renamed: after
a crash there is a draft or a layer, never half of one. Who works on a draft holds a
lock on it (flock(2)), which ends with the process however it ends; drafts without a
holder are rubbish, and are swept when the store is opened.

Waiting for the disk at each of an image's layers takes long. Whoever adds many, and has
a record elsewhere of what is complete, adds them without that and calls ``sync`` once.
"""

import fcntl
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from labkit.base.codec import decode, encode, same_name
from labkit.base.digest import Digest
from labkit.base.errors import NotFoundError
from labkit.base.files import sync_folder
from labkit.kernel import libc
from labkit.snapshots.model import LayerUsage
from labkit.snapshots.removal import remove_tree

_SHORT_DIGITS = 12
_DRAFT = ".draft-"
_RECORD = "layer.json"

Unpack = Callable[[BinaryIO, Path, Path | None], LayerUsage]
"""Tar, the folder to fill, the parent's folder -> what was unpacked."""


class LayerStore:
    """See the module's text; safe from several threads and processes."""

    def __init__(self, root: Path, unpack: Unpack) -> None:
        self.root = root
        self._unpack = unpack
        self._guard = threading.Lock()
        self._locks: dict[Digest, threading.Lock] = {}
        (root / "l").mkdir(parents=True, exist_ok=True)
        self._sweep()

    def has(self, chain_id: Digest) -> bool:
        return (self.root / chain_id.hex / _RECORD).exists()

    def add(
        self,
        chain_id: Digest,
        parent: Digest | None,
        tar: BinaryIO,
        durable: bool = True,
    ) -> LayerUsage:
        base = self.path(parent) if parent is not None else None
        with self._lock(chain_id):
            if self.has(chain_id):
                return self.usage(chain_id)
            with self.draft() as draft:
                (draft / "diff").mkdir(mode=0o755)
                usage = self._unpack(tar, draft / "diff", base)
                record = encode(usage, same_name)
                (draft / _RECORD).write_text(json.dumps(record))
                self._publish(draft, chain_id, durable)
            return usage

    def adopt(self, chain_id: Digest, folder: Path, usage: LayerUsage) -> None:
        """Make a folder of the same file system a layer, by renaming it.

        It is not yet safe from a power cut: ``sync`` makes it so. Where the layer is
        there already, the folder stays as it is.
        """
        with self._lock(chain_id):
            if self.has(chain_id):
                return
            with self.draft() as draft:
                folder.rename(draft / "diff")
                (draft / "diff").chmod(0o755)
                (draft / _RECORD).write_text(json.dumps(encode(usage, same_name)))
                self._show(draft, chain_id)

    def sync(self) -> None:
        """Write what was adopted to the disk."""
        _sync(self.root)
        sync_folder(self.root)

    def usage(self, chain_id: Digest) -> LayerUsage:
        self.path(chain_id)
        record = (self.root / chain_id.hex / _RECORD).read_text()
        return decode(LayerUsage, json.loads(record), same_name)

    def path(self, chain_id: Digest) -> Path:
        if not self.has(chain_id):
            raise NotFoundError(f"no such layer: {chain_id}")
        return self.root / chain_id.hex / "diff"

    def short_path(self, chain_id: Digest) -> Path:
        """Return a link to a layer's folder, short enough for mount options."""
        self.path(chain_id)
        return self.link(chain_id.hex, f"../{chain_id.hex}/diff")

    def remove(self, chain_id: Digest) -> None:
        with self._lock(chain_id):
            folder = self.root / chain_id.hex
            for link in self._links_to(chain_id):
                link.unlink(missing_ok=True)
            with self.draft() as draft:
                # One rename, and the layer is gone for everybody and every crash.
                try:
                    folder.rename(draft / "removed")
                except FileNotFoundError:
                    return

    def link(self, name: str, target: str) -> Path:
        """Return ``l/<name cut short>``, made if need be; longer if that is taken."""
        for length in range(min(_SHORT_DIGITS, len(name)), len(name) + 1):
            path = self.root / "l" / name[:length]
            try:
                path.symlink_to(target)
            except FileExistsError:
                if os.readlink(path) != target:
                    continue
            return path
        raise AssertionError(f"two layers are called {name}")

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Make a folder to work in; it is removed at the end unless it was renamed."""
        folder = self.root / f"{_DRAFT}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield folder
        finally:
            remove_tree(folder)
            os.close(fd)

    def _publish(self, draft: Path, chain_id: Digest, durable: bool) -> None:
        if durable:
            _sync(draft)
        if self._show(draft, chain_id) and durable:
            sync_folder(self.root)

    def _show(self, draft: Path, chain_id: Digest) -> bool:
        """Give a draft its name; False if somebody else's layer has it."""
        draft.chmod(0o755)
        try:
            draft.rename(self.root / chain_id.hex)
        except OSError:
            # Another process was faster: a folder that is not empty is not replaced.
            if not self.has(chain_id):
                raise
            return False
        return True

    def _links_to(self, chain_id: Digest) -> Iterator[Path]:
        for link in (self.root / "l").iterdir():
            if os.readlink(link).startswith(f"../{chain_id.hex}/"):
                yield link

    def _sweep(self) -> None:
        for folder in self.root.glob(f"{_DRAFT}*"):
            try:
                fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except FileNotFoundError:
                continue  # its worker finished meanwhile
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(folder)
            except BlockingIOError:
                continue  # somebody is at work in it
            finally:
                os.close(fd)

    @contextmanager
    def _lock(self, chain_id: Digest) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(chain_id, threading.Lock())
        with lock:
            yield


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        libc.syncfs(fd)
    finally:
        os.close(fd)
