"""ADD of a local archive: what is in it goes where the archive would go."""

import io
import os
import posixpath
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.compression import Unpacked
from labkit.base.errors import InvalidInputError
from labkit.builder.copying import Copier
from labkit.builder.place import DEFAULT_MODE, Destination, Target
from labkit.builder.sources import Origin
from labkit.snapshots.folders import Folder, open_root
from labkit.snapshots.unpack import Devices, UnpackOptions, is_mapped_root, unpack_layer

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def is_archive(folder: Folder, name: str) -> bool:
    """Tell whether a file is a tar, plain or packed; its name says nothing."""
    found = folder.look(name)
    if found is None:
        return False
    with os.fdopen(os.open(name, _FILE, dir_fd=found[0]), "rb") as file:
        try:
            raw = cast(io.RawIOBase, Unpacked(file))
            plain = io.BufferedReader(raw, tarfile.BLOCKSIZE)
            head = plain.read(tarfile.BLOCKSIZE)
            tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
        except (InvalidInputError, tarfile.HeaderError):
            return False
    return True


def unpack_archive(
    copier: Copier,
    origin: Origin,
    path: str,
    destination: Destination,
    target: Target,
) -> None:
    """Unpack an archive into a folder of the image.

    What is in it keeps its modes, and nothing of it is left out: ``--chmod`` and
    ``--exclude`` are for what lies in the context, as with BuildKit.
    """
    inside = Copier(replace(copier.rules, mode=None, skips=None))
    folder = origin.open(posixpath.dirname(path))
    assert folder is not None
    # Beside the upper: the same file system, so that files are linked and not copied.
    with tempfile.TemporaryDirectory(dir=destination.upper.parent) as scratch:
        with folder:
            _unpack(folder, posixpath.basename(path), Path(scratch))
        tree = open_root((Path(scratch),))
        new = replace(target.new, mode=DEFAULT_MODE)
        with tree, destination.open(target.path, new) as place:
            inside.fill(tree, place)


def _unpack(folder: Folder, name: str, target: Path) -> None:
    options = UnpackOptions(
        is_root=is_mapped_root(), devices=Devices.SKIP, literal=True
    )
    found = folder.look(name)
    assert found is not None
    with os.fdopen(os.open(name, _FILE, dir_fd=found[0]), "rb") as file:
        unpack_layer(cast(BinaryIO, Unpacked(file)), target, options)
