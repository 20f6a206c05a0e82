"""`docker save`, read as it comes: one pass, nothing kept but names and sizes.

The stream is a tar of documents and layers; which is which, only its ``manifest.json``
tells, and that may come last. So all that is a tar is read as a layer, all that is JSON
is kept, and the rest is passed over. Three writers differ:

- old engines: ``<id>/layer.tar``, and links where two layers are the same;
- new ones: ``blobs/sha256/<digest>``, plain;
- with containerd's store: the same, packed.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from labkit.base.compression import Unpacked
from labkit.base.errors import InvalidInputError
from labkit.layers.model import File, Layer, SavedImage, Step

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_MAX_DOCUMENT_BYTES = 8 << 20
_CHUNK_BYTES = 1 << 18


class ChunkStream(io.RawIOBase):
    """Chunks, as an HTTP client gives them, as a file to read from.

    What is left of a chunk is a view of it: a chunk of two megabytes is read in
    hundreds of pieces, and a copy of the rest for each took most of the time.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = memoryview(next(self._chunks))
            except StopIteration:
                return 0
        piece = self._rest[: len(buffer)]
        buffer[: len(piece)] = piece
        self._rest = self._rest[len(piece) :]
        return len(piece)


@dataclass(slots=True)
class _Members:
    """What has come so far, by its name in the archive."""

    documents: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


def read_saved(stream: BinaryIO) -> SavedImage:
    """Read an archive that holds one image.

    Raises:
        InvalidInputError: it is no such archive.
    """
    try:
        members = _read_members(stream)
        (described, *_) = json.loads(members.documents["manifest.json"])
        config_name = described["Config"]
        config = json.loads(members.documents[config_name])
        layers = [_find_layer(members, name) for name in described["Layers"] or ()]
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise InvalidInputError(f"cannot read the saved image: {error}") from error
    digest = hashlib.sha256(members.documents[config_name]).hexdigest()
    return SavedImage(f"sha256:{digest}", tuple(_steps(config, layers)))


def _read_members(stream: BinaryIO) -> _Members:
    members = _Members()
    with tarfile.open(fileobj=io.BufferedReader(cast(Any, stream)), mode="r|") as tar:
        for member in tar:
            if member.issym() or member.islnk():
                members.links[member.name] = member.linkname
            elif file := tar.extractfile(member):
                _take(members, member, cast(BinaryIO, file))
    return members


def _take(members: _Members, member: tarfile.TarInfo, file: BinaryIO) -> None:
    head = file.read(1)
    rest = cast(BinaryIO, _Prefixed(head, file))
    if head in (b"{", b"["):
        if member.size <= _MAX_DOCUMENT_BYTES:
            members.documents[member.name] = rest.read()
    elif member.name.endswith("layer.tar") or member.name.startswith("blobs/"):
        members.layers[member.name] = read_layer(rest)


def read_layer(stream: BinaryIO) -> Layer:
    """Read a layer's tar, packed or not: names, sizes, and a digest of each content."""
    files: dict[str, File] = {}
    removed: set[str] = set()
    emptied: set[str] = set()
    plain = cast(BinaryIO, Unpacked(stream))
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        for member in tar:
            path = member.name.removeprefix("./").strip("/")
            folder, _, name = path.rpartition("/")
            if name == _OPAQUE:
                emptied.add(folder)
            elif name.startswith(_WHITEOUT):
                gone = name.removeprefix(_WHITEOUT)
                removed.add(f"{folder}/{gone}" if folder else gone)
            elif path not in ("", "."):
                files[path] = _describe(tar, member)
    return Layer(files, frozenset(removed), frozenset(emptied))


def _describe(tar: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    if member.isdir():
        return File(is_folder=True)
    content = hashlib.sha256(f"{member.type!r} {member.linkname}".encode())
    if source := tar.extractfile(member) if member.isreg() else None:
        while chunk := source.read(_CHUNK_BYTES):
            content.update(chunk)
    return File(member.size if member.isreg() else 0, content.hexdigest())


def _find_layer(members: _Members, name: str) -> Layer:
    for _ in range(len(members.links) + 1):
        if name in members.layers:
            return members.layers[name]
        link = members.links[name]  # "../<id>/layer.tar", beside its own folder
        name = link.removeprefix("../")
    raise KeyError(name)


def _steps(config: Mapping[str, Any], layers: list[Layer]) -> Iterator[Step]:
    """Put layers beside the lines of the history that made them."""
    digests = list((config.get("rootfs") or {}).get("diff_ids") or ())
    history = config.get("history") or ()
    filled = [entry for entry in history if not entry.get("empty_layer")]
    if len(filled) != len(
        layers
    ):  # an import has no history, and some tools write none
        history = [{"created_by": ""} for _ in layers]
    pairs = iter(zip(layers, digests, strict=False))
    for entry in history:
        words = entry.get("created_by") or entry.get("comment") or ""
        if entry.get("empty_layer"):
            yield Step(words)
        else:
            layer, digest = next(pairs)
            yield Step(words, layer, digest)


class _Prefixed(io.RawIOBase):
    """A stream with its first byte put back."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data, self._head = self._head, b""
        data = data or self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
