"""Archives of images: from ``docker save`` of any age, or an OCI layout's tar.

    manifest.json            Docker's list: configuration, tags, layers of each image
    index.json, oci-layout   OCI's: descriptors that lead to manifests in blobs/

``docker save`` of 25 and newer writes both; Docker's list wins then, since it has the
tags. The archive may be a pipe and in any order, so its files are spooled first, under
numbers: a name in the archive is only ever a key in a dictionary, never a path on the
disk, and so it can't point anywhere.
"""

import json
import posixpath
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from labkit.base.codec import camel_case, decode, key
from labkit.base.compression import Unpacked
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.base.machine import host_architecture
from labkit.base.reference import Reference, parse_reference
from labkit.images.catalog import parse_config
from labkit.images.content import CHUNK_BYTES
from labkit.images.model import LayerSource
from labkit.spec.image import DOCKER_LIST, OCI_INDEX, Descriptor, Index, Manifest
from labkit.spec.image_archive import NAME_ANNOTATION, TAG_ANNOTATION

MAX_ENTRIES = 100_000
MAX_DOCUMENT_BYTES = 16 << 20
MAX_LINKS = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IncomingImage:
    """One image of an archive, its layers lowest first."""

    config: bytes
    layers: tuple[LayerSource, ...]
    names: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class DockerEntry:
    """One image in ``manifest.json``."""

    config: str = field(metadata=key("Config"))
    layers: tuple[str, ...] = field(default=(), metadata=key("Layers"))
    repo_tags: tuple[str, ...] = field(default=(), metadata=key("RepoTags"))


@contextmanager
def read_archive(stream: BinaryIO, spool: Path) -> Iterator[tuple[IncomingImage, ...]]:
    """Open an archive; its layers can be read until the end of the ``with``.

    Raises:
        InvalidInputError: it is no archive of images, or a hostile one.
    """
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        files = _spool(stream, Path(folder))
        if files.has("manifest.json"):
            yield tuple(_docker_images(files))
        elif files.has("index.json"):
            yield tuple(_oci_images(files))
        else:
            raise InvalidInputError("invalid archive: does not contain a manifest.json")


class _Files:
    """The spooled files by their names in the archive, links followed within it."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        self._links: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        self._paths[name] = path

    def add_link(self, name: str, target: str) -> None:
        self._links[name] = target

    def has(self, name: str) -> bool:
        return name in self._paths or name in self._links

    def path(self, name: str) -> Path:
        at = _inside(name)
        for _ in range(MAX_LINKS):
            if at in self._paths:
                return self._paths[at]
            if at not in self._links:
                raise InvalidInputError(f"invalid archive: it has no file {name!r}")
            at = self._links[at]
        raise InvalidInputError(f"invalid archive: too many links at {name!r}")

    def read(self, name: str) -> bytes:
        path = self.path(name)
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise InvalidInputError(f"invalid archive: {name!r} is too large")
        return path.read_bytes()

    def document(self, name: str) -> Any:
        return _parse(self.read(name), name)

    def blob(self, digest: Digest) -> bytes:
        data = self.read(f"blobs/sha256/{digest.hex}")
        if Digest.of(data) != digest:
            raise InvalidInputError(
                f"invalid archive: blob {digest} has digest {Digest.of(data)}"
            )
        return data


def _spool(stream: BinaryIO, folder: Path) -> _Files:
    files = _Files()
    try:
        with tarfile.open(fileobj=Unpacked(stream), mode="r|") as archive:
            for number, member in enumerate(archive):
                if number >= MAX_ENTRIES:
                    raise InvalidInputError(
                        f"invalid archive: it has more than {MAX_ENTRIES} entries"
                    )
                _take(archive, member, folder / str(number), files)
    except (tarfile.TarError, EOFError) as error:
        raise InvalidInputError(f"invalid archive: {error}") from error
    return files


def _take(
    archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path, files: _Files
) -> None:
    name = _inside(member.name)
    if member.isdir():
        return
    if member.issym():  # Docker 1.10 to 24 wrote a repeated layer as a link
        beside = posixpath.join(posixpath.dirname(name), member.linkname)
        files.add_link(name, _inside(beside))
    elif member.islnk():
        files.add_link(name, _inside(member.linkname))
    elif (source := archive.extractfile(member)) is not None:
        with source, path.open("wb") as copy:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(chunk)
        files.add(name, path)
    else:
        raise InvalidInputError(f"invalid archive: entry {name!r} is no plain file")


def _inside(name: str) -> str:
    normal = posixpath.normpath(name)
    if normal.startswith("/") or normal == ".." or normal.startswith("../"):
        raise InvalidInputError(f"invalid archive: entry {name!r} points outside it")
    return normal


def _docker_images(files: _Files) -> Iterator[IncomingImage]:
    document = files.document("manifest.json")
    for entry in _decode(tuple[DockerEntry, ...], document, "manifest.json"):
        config = files.read(entry.config)
        names = tuple(parse_reference(tag) for tag in entry.repo_tags)
        yield _image(config, [files.path(layer) for layer in entry.layers], names)


def _oci_images(files: _Files) -> Iterator[IncomingImage]:
    index = _decode(Index, files.document("index.json"), "index.json")
    for descriptor in index.manifests:
        manifest = _find_manifest(files, descriptor)
        if manifest is None:
            continue
        config = files.blob(manifest.config.digest)
        layers = [
            files.path(f"blobs/sha256/{layer.digest.hex}") for layer in manifest.layers
        ]
        yield _image(config, layers, _names(descriptor))


def _find_manifest(files: _Files, descriptor: Descriptor) -> Manifest | None:
    """Follow an index to the manifest for this machine, None if there is no such."""
    data = files.blob(descriptor.digest)
    document = _parse(data, descriptor.digest.text)
    if descriptor.media_type not in (OCI_INDEX, DOCKER_LIST):
        return _decode(Manifest, document, descriptor.digest.text)
    index = _decode(Index, document, descriptor.digest.text)
    for inner in index.manifests:
        platform = inner.platform
        if platform is None or platform.architecture == host_architecture():
            if inner.media_type in (OCI_INDEX, DOCKER_LIST):
                raise InvalidInputError("invalid archive: an index within an index")
            return _find_manifest(files, inner)
    return None


def _names(descriptor: Descriptor) -> tuple[Reference, ...]:
    """Read the name off a descriptor; a bare ``1.25`` there is no name of an image."""
    if name := descriptor.annotations.get(NAME_ANNOTATION):
        return (parse_reference(name),)
    name = descriptor.annotations.get(TAG_ANNOTATION, "")
    return (parse_reference(name),) if ":" in name or "/" in name else ()


def _image(
    config: bytes, layers: list[Path], names: tuple[Reference, ...]
) -> IncomingImage:
    diff_ids = parse_config(config).rootfs.diff_ids
    if len(diff_ids) != len(layers):
        raise InvalidInputError(
            f"invalid archive: image {Digest.of(config)} has {len(diff_ids)} layers, "
            f"{len(layers)} came"
        )
    sources = tuple(
        LayerSource(diff_id, partial(_open, path), path.stat().st_size)
        for diff_id, path in zip(diff_ids, layers, strict=True)
    )
    return IncomingImage(config, sources, names)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _parse(data: bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"invalid archive: {name!r}: {error}") from error


def _decode(wanted: type[T], document: Any, name: str) -> T:
    try:
        return decode(wanted, document, camel_case, name)
    except InvalidInputError as error:
        raise InvalidInputError(f"invalid archive: {error}") from error
