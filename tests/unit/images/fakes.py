"""Snapshots in memory, and layers and images to put into the store.

``MemorySnapshots`` keeps the contract of ``labkit.images.model.Snapshots``; that the
real ones keep it is shown in ``tests/system/images``. ``fail_at`` makes the nth call
that changes anything fail, as a full disk or a killed process would.
"""

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest, chain_id
from labkit.base.errors import NotFoundError
from labkit.images.model import LayerSource
from labkit.snapshots.model import LayerUsage


@dataclass(frozen=True, slots=True)
class Usage:
    bytes: int


@dataclass(slots=True)
class MemorySnapshots:
    layers: dict[Digest, int] = field(default_factory=dict)
    added: list[Digest] = field(default_factory=list)
    unsynced: set[Digest] = field(default_factory=set)
    fail_at: int = 0
    _calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has_layer(self, chain_id: Digest) -> bool:
        return chain_id in self.layers

    def add_layer(
        self,
        chain_id: Digest,
        parent: Digest | None,
        tar: BinaryIO,
        durable: bool = True,
    ) -> Usage:
        self._count()
        if parent is not None and parent not in self.layers:
            raise NotFoundError(f"no layer {parent}")
        with tarfile.open(fileobj=tar, mode="r|") as archive:
            size = sum(member.size for member in archive)
        with self._lock:
            self.layers[chain_id] = size
            self.added.append(chain_id)
            if not durable:
                self.unsynced.add(chain_id)
        return Usage(size)

    def sync(self) -> None:
        self._count()
        self.unsynced.clear()

    def lose_power(self) -> None:
        """Keep of layers that were not written to the disk nothing but the name."""
        for lost in self.unsynced:
            self.layers[lost] = -1
        self.unsynced.clear()

    def remove_layer(self, chain_id: Digest) -> None:
        self._count()
        del self.layers[chain_id]

    def pack(self, folder: Path, out: BinaryIO) -> LayerUsage:
        """Pack the files of a folder, by name."""
        files = {one.name: one.read_bytes() for one in sorted(folder.iterdir())}
        out.write(layer_tar(files) if files else bytes(1024))
        return LayerUsage(sum(map(len, files.values())), len(files))

    def adopt_layer(self, chain_id: Digest, folder: Path, usage: LayerUsage) -> None:
        self._count()
        self.layers.setdefault(chain_id, usage.bytes)

    def _count(self) -> None:
        with self._lock:
            self._calls += 1
            if self._calls == self.fail_at:
                raise OSError(28, "no space left on device")


def layer_tar(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def archive_of(files: Mapping[str, bytes]) -> BinaryIO:
    return io.BytesIO(layer_tar(files))


def source_of(tar: bytes) -> LayerSource:
    return LayerSource(Digest.of(tar), lambda: io.BytesIO(tar), len(tar))


def config_of(tars: Sequence[bytes], **extra: object) -> bytes:
    document = {
        "architecture": "amd64",
        "os": "linux",
        "created": "2023-11-14T22:13:20.5Z",
        "config": {"Cmd": ["sh"]},
        "rootfs": {
            "type": "layers",
            "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in tars],
        },
        "history": [{"created_by": f"step {at}"} for at, _ in enumerate(tars)],
        **extra,
    }
    return json.dumps(document).encode()


def chains_of(*tars: bytes) -> tuple[Digest, ...]:
    diff_ids = [Digest.of(tar) for tar in tars]
    return tuple(chain_id(diff_ids[: at + 1]) for at in range(len(diff_ids)))
