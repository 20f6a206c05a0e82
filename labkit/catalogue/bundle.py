"""One file for a room without network: all images, shared layers once, zstd.

The file is an archive as ``docker save`` writes it, packed as a whole: ``zstd -d`` and
``docker load`` take it, too. ``SOURCES.txt`` in it names the source of every package,
as whoever hands on free software owes it.
"""

import json
import os
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from labkit.base.codec import camel_case, decode, same_name
from labkit.base.compression import Unpacked
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.base.files import sync_folder
from labkit.base.reference import parse_reference
from labkit.catalogue.layout import FINGERPRINT_ANNOTATION, Layout, StoredImage
from labkit.catalogue.lock import Lock
from labkit.spec.image import Descriptor, ImageConfig, Index, Manifest
from labkit.spec.image_archive import NAME_ANNOTATION, write_archive

_LEVEL = 9
_CHUNK_BYTES = 1 << 20
_MAX_DOCUMENT_BYTES = 1 << 22
_BLOB = re.compile(r"blobs/sha256/([0-9a-f]{64})")
_PASSED_OVER = ("oci-layout", "manifest.json", "SOURCES.txt")
_HEADER = """\
Sources of the software in these images
=======================================

Debian packages were taken unchanged, as files, from Debian's archive. Their sources
are in the same archive, and all that ever were in Debian's snapshot archive, under
the source packages and versions below (apt-get source NAME=VERSION). The licence of
each is in the image: /usr/share/doc/PACKAGE/copyright.
Python and npm packages come from PyPI and npm by the names and versions below; their
licences are in their own folders in the images. Everything else is labkit's (MIT).
"""


def export_bundle(
    layout: Layout, images: Sequence[StoredImage], lock: Lock, path: Path
) -> int:
    """Write images to one file; return its size."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    packer = zstandard.ZstdCompressor(level=_LEVEL, threads=-1)
    try:
        with draft.open("wb") as file:
            with packer.stream_writer(file, closefd=False) as out:
                notes = {"SOURCES.txt": list_sources(images, lock).encode()}
                saved = [layout.saved(image) for image in images]
                write_archive(saved, cast(BinaryIO, out), notes)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.absolute().parent)
    return path.stat().st_size


def import_bundle(
    path: Path, layout: Layout, architecture: str
) -> tuple[StoredImage, ...]:
    """Take images from a file into the cache, every blob checked.

    Raises:
        InvalidInputError: the file is no such bundle, or it is damaged.
        UnsupportedError: its images are for another kind of machine.
    """
    index: Index | None = None
    try:
        with (
            path.open("rb") as file,
            tarfile.open(fileobj=Unpacked(file), mode="r|") as archive,
        ):
            for member in archive:
                if match := _BLOB.fullmatch(member.name):
                    _take_blob(archive, member, Digest(f"sha256:{match[1]}"), layout)
                elif member.name == "index.json":
                    index = decode(Index, _document(archive, member), camel_case)
                elif member.name not in _PASSED_OVER:
                    raise InvalidInputError(f"it has an entry {member.name!r}")
        if index is None:
            raise InvalidInputError("it has no index.json")
        return _record(index, layout, architecture)
    except UnsupportedError as error:
        raise UnsupportedError(f"cannot import {str(path)!r}: {error}") from error
    except (tarfile.TarError, InvalidInputError, KeyError, ValueError) as error:
        raise InvalidInputError(
            f"cannot import {str(path)!r}: no file of 'labkit images export': {error}"
        ) from error


def list_sources(images: Sequence[StoredImage], lock: Lock) -> str:
    """Name the source and version of everything that is in some images."""
    packages = sorted(
        {
            package
            for image in images
            for package in image.config.config.labels.get(
                "io.labkit.packages", ""
            ).split()
        }
    )
    sources = {(deb.name, deb.version): deb.source for deb in lock.debs}
    debian = {deb.name: deb.source.partition(" ")[0] for deb in lock.debs}
    lines = [_HEADER]
    for package in packages:
        name, _, version = package.partition("=")
        source = sources.get((name, version)) or debian.get(name)
        origin = f"Debian source {source}" if source else "PyPI or npm"
        lines.append(f"{name} {version}: {origin}")
    return "\n".join(lines) + "\n"


def _take_blob(
    archive: tarfile.TarFile, member: tarfile.TarInfo, digest: Digest, layout: Layout
) -> None:
    source = archive.extractfile(member)
    if source is None:
        raise InvalidInputError(f"{member.name!r} is no plain file")
    with layout.draft() as draft:
        with draft.open("wb") as copy:
            while chunk := source.read(_CHUNK_BYTES):
                copy.write(chunk)
        layout.adopt(draft, digest)


def _document(archive: tarfile.TarFile, member: tarfile.TarInfo) -> object:
    source = archive.extractfile(member)
    if source is None or member.size > _MAX_DOCUMENT_BYTES:
        raise InvalidInputError(f"{member.name!r} is no plain file of decent size")
    return json.loads(source.read())


def _record(index: Index, layout: Layout, architecture: str) -> tuple[StoredImage, ...]:
    """Point names at what has come in, once all of it has and can be of use here."""
    taken: list[tuple[Descriptor, Manifest, bytes]] = []
    for descriptor in index.manifests:
        data = json.loads(layout.path(descriptor.digest).read_bytes())
        manifest = decode(Manifest, data, camel_case)
        for part in (manifest.config, *manifest.layers):
            if not layout.path(part.digest).exists():
                raise InvalidInputError(f"it has no blob {part.digest}")
        config = layout.path(manifest.config.digest).read_bytes()
        made_for = decode(ImageConfig, json.loads(config), same_name).architecture
        if made_for != architecture:
            raise UnsupportedError(
                f"the images in it are for {made_for} machines, not for {architecture}"
            )
        taken.append((descriptor, manifest, config))
    ids: list[Digest] = []
    for descriptor, manifest, config in taken:
        name = parse_reference(descriptor.annotations[NAME_ANNOTATION])
        fingerprint = descriptor.annotations.get(FINGERPRINT_ANNOTATION, "")
        ids.append(layout.put_image(config, manifest.layers, [name], fingerprint))
    return tuple(image for image in layout.images() if image.id in ids)
