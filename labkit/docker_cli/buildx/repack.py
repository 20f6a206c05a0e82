"""An archive of an image with its layers packed, as BuildKit exports it.

What the engine saves has layers as they were found. BuildKit packs them by gzip unless
it is told another way, and names each by the digest of what it has become: so manifests
and the index are written anew. An archive without an index (an older engine's) stays
as it is. The same layers give the same bytes: gzip's header has no date here.
"""

import gzip
import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, cast

from labkit.base.compression import Compression, detect_compression, import_zstd
from labkit.docker_cli.buildx.packing import head, padding

LEVELS = {"gzip": range(10), "zstd": range(1, 23), "uncompressed": range(0)}
"""The ways of packing, and how hard each can try."""
_PIECE_BYTES = 1 << 20
_HEAD_BYTES = 6
_INDEX = "index.json"
_LEGACY = "manifest.json"


@dataclass(frozen=True, slots=True)
class Packing:
    """How layers are packed; the ``level`` None is the packer's own."""

    name: str = "gzip"
    level: int | None = None


@dataclass(slots=True)
class _Packed:
    """One pass over an archive."""

    tar: tarfile.TarFile
    packing: Packing
    members: dict[str, tarfile.TarInfo]
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a layer's digest was -> what it is and how large."""


def repack(saved: IO[bytes], packing: Packing) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield the files of an archive by name, each with its size.

    Raises:
        tarfile.TarError: it is damaged, or has no index.
    """
    with tarfile.open(fileobj=saved) as tar:
        members = {one.name: one for one in tar if one.isreg()}
        yield from _written(_Packed(tar, packing, members))


def as_tar(saved: IO[bytes], packing: Packing) -> Iterator[bytes]:
    """Yield the archive's bytes."""
    with tarfile.open(fileobj=saved) as tar:
        has_index = _INDEX in tar.getnames()
    saved.seek(0)
    if not has_index:
        yield from iter(lambda: saved.read(_PIECE_BYTES), b"")
        return
    for name, file, size in repack(saved, packing):
        info = tarfile.TarInfo(name)
        info.mode, info.size = 0o644, size
        yield head(info)
        with closing(file):
            while piece := file.read(_PIECE_BYTES):
                yield piece
        yield padding(size)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _written(one: _Packed) -> Iterator[tuple[str, IO[bytes], int]]:
    index = _document(one, _INDEX)
    dropped: set[str] = {_INDEX, _LEGACY}
    manifests = []
    for descriptor in index["manifests"]:
        name = _blob(descriptor["digest"])
        dropped.add(name)
        manifest = _document(one, name)
        for layer in manifest.get("layers") or ():
            if layer["digest"] not in one.layers:
                dropped.add(_blob(layer["digest"]))
                yield from _layer(one, layer)
        layers = [one.layers[layer["digest"]] for layer in manifest.get("layers") or ()]
        data = json.dumps({**manifest, "layers": layers}).encode()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        manifests.append({**descriptor, "digest": digest, "size": len(data)})
        yield _blob(digest), io.BytesIO(data), len(data)
    for name, member in one.members.items():
        if name not in dropped:
            yield name, _open(one.tar, member), member.size
    if _LEGACY in one.members:
        yield _json(_LEGACY, [_renamed(one, each) for each in _document(one, _LEGACY)])
    yield _json(_INDEX, {**index, "manifests": manifests})


def _layer(
    one: _Packed, descriptor: Mapping[str, Any]
) -> Iterator[tuple[str, IO[bytes], int]]:
    """Pack a layer and yield it, unless it was packed before."""
    member = one.members[_blob(descriptor["digest"])]
    plain = _open(one.tar, member)
    compression = detect_compression(plain.read(_HEAD_BYTES))
    plain.seek(0)
    if one.packing.name == "uncompressed" or compression is not Compression.NONE:
        one.layers[descriptor["digest"]] = dict(descriptor)
        yield member.name, plain, member.size
        return
    file = tempfile.TemporaryFile()  # noqa: SIM115 (who takes it closes it)
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(plain, one.packing):
        digest.update(piece)
        size += len(piece)
        file.write(piece)
    file.seek(0)
    kind = str(descriptor["mediaType"])
    sign = "." if "docker" in kind else "+"
    name = f"sha256:{digest.hexdigest()}"
    one.layers[descriptor["digest"]] = {
        **descriptor,
        "mediaType": f"{kind}{sign}{one.packing.name}",
        "digest": name,
        "size": size,
    }
    yield _blob(name), file, size


def _pieces(plain: IO[bytes], packing: Packing) -> Iterator[bytes]:
    """Pack a stream, piece after piece."""
    if packing.name == "zstd":
        level = 3 if packing.level is None else packing.level
        packer = import_zstd().ZstdCompressor(level=level).compressobj()
        while piece := plain.read(_PIECE_BYTES):
            yield packer.compress(piece)
        yield packer.flush()
        return
    level = 6 if packing.level is None else packing.level
    out = io.BytesIO()
    with gzip.GzipFile("", "wb", level, out, mtime=0) as file:
        while piece := plain.read(_PIECE_BYTES):
            file.write(piece)
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.BytesIO) -> bytes:
    data = out.getvalue()
    out.seek(0)
    out.truncate()
    return data


def _renamed(one: _Packed, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Name the layers of Docker's own manifest as they are called now."""
    names = {_blob(old): _blob(new["digest"]) for old, new in one.layers.items()}
    return {**entry, "Layers": [names.get(name, name) for name in entry["Layers"]]}


def _document(one: _Packed, name: str) -> Any:
    if name not in one.members:
        raise tarfile.ReadError(f"{name} is missing in the archive")
    return json.loads(_open(one.tar, one.members[name]).read())


def _open(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    return cast(IO[bytes], tar.extractfile(member))


def _json(name: str, value: Any) -> tuple[str, IO[bytes], int]:
    data = json.dumps(value).encode()
    return name, io.BytesIO(data), len(data)


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"
