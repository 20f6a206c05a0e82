"""Pushing one image to a repository.

    1  each layer, five at a time: is it there? may it be mounted from a neighbour?
       if neither, it is sent, as it is stored or packed anew
    2  the configuration
    3  the manifest, under its tag: only now the image is there

An image that was pulled goes up by the very manifest that it came by, if the layers
can: so it has the same digest everywhere. Otherwise its manifest is written as dockerd
writes it. What we have packed ourselves (zstd, for the disk's sake) is packed with gzip
for the way, since every reader knows that; the result is spooled, so that its digest is
known before it is sent.
"""

import hashlib
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.base.gzip_pack import GzipPacker
from labkit.base.reference import Reference
from labkit.images.catalog import Catalog
from labkit.images.content import CHUNK_BYTES
from labkit.images.first_failure import FirstFailure
from labkit.images.manifests import docker_manifest, parse_document
from labkit.images.model import Image
from labkit.images.pace import Pace
from labkit.images.registry.model import Document
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience
from labkit.images.registry.upload import Upload, mount_blob, upload_blob
from labkit.images.remotes import RemoteBlob
from labkit.images.shelf import LayerShelf
from labkit.images.transfer import LayerStep, PushEnded, Stage, Tell
from labkit.spec.image import (
    DOCKER_CONFIG,
    DOCKER_LAYER_GZIP,
    OCI_LAYER_GZIP,
    Descriptor,
    Manifest,
)

AT_A_TIME = 5
_GZIP = (DOCKER_LAYER_GZIP, OCI_LAYER_GZIP)
_MOST_LOOKS = 3  # forms of a layer that are asked after, as in moby


@dataclass(frozen=True, slots=True)
class Push:
    """What a push works with; ``name`` is the repository's domain and path."""

    catalog: Catalog
    shelf: LayerShelf
    spool: Path
    repository: Repository
    name: str
    patience: Patience
    tell: Tell


@dataclass(frozen=True, slots=True)
class _Original:
    """The manifest that an image came by, and what of it is mounted just now."""

    document: Document
    manifest: Manifest
    mounted: Mapping[Digest, str]


def push(work: Push, image: Image, reference: Reference) -> PushEnded:
    """Send an image to where a reference says.

    Raises:
        RegistryError: it does not take it.
    """
    diff_ids = image.config.rootfs.diff_ids
    for diff_id in reversed(diff_ids):
        work.tell(LayerStep(diff_id, Stage.PREPARING))
    for diff_id in tuple(reversed(diff_ids))[AT_A_TIME:]:
        work.tell(LayerStep(diff_id, Stage.WAITING))
    with work.shelf.hold((*image.chain_ids, *diff_ids)):
        original = _usable_original(work, image)
        layers = _bring_up(work, diff_ids, original)
        config = _send_config(work, image)
    document = original.document if original else docker_manifest(config, layers)
    work.repository.put_manifest(reference.tag or "latest", document)
    _remember(work, image, reference, document, layers)
    return PushEnded(reference, document.digest, len(document.content))


def _usable_original(work: Push, image: Image) -> _Original | None:
    """Return the manifest that an image came by, if all its layers can go up again."""
    for document in work.catalog.remotes.manifests(image.id):
        manifest = parse_document(document)
        assert isinstance(manifest, Manifest)  # nothing else is kept
        mounted: dict[Digest, str] = {}
        pairs = zip(image.config.rootfs.diff_ids, manifest.layers, strict=True)
        if all(_is_at_hand(work, diff_id, layer, mounted) for diff_id, layer in pairs):
            return _Original(document, manifest, mounted)
    return None


def _is_at_hand(
    work: Push, diff_id: Digest, layer: Descriptor, mounted: dict[Digest, str]
) -> bool:
    """Say whether a layer is here, or there; mount it if that is the way."""
    if work.repository.blob_size(layer.digest) is not None:
        return True
    for _, neighbour in _neighbours(work, diff_id, [layer]):
        if mount_blob(work.repository, layer.digest, neighbour):
            mounted[layer.digest] = neighbour
            return True
    stored = work.shelf.blob(diff_id)
    return stored is not None and stored.digest == layer.digest


def _bring_up(
    work: Push, diff_ids: Sequence[Digest], original: _Original | None
) -> tuple[Descriptor, ...]:
    wanted = original.manifest.layers if original else (None,) * len(diff_ids)
    mounted = original.mounted if original else {}
    failure = FirstFailure(work.patience)
    with ThreadPoolExecutor(AT_A_TIME, "labkit-push") as pool:
        ways = [
            pool.submit(
                failure.watch, partial(_bring_layer_up, work, diff_id, one, mounted)
            )
            for diff_id, one in reversed(list(zip(diff_ids, wanted, strict=True)))
        ]
    failure.check()
    sent = [way.result() for way in reversed(ways)]
    return tuple(descriptor for descriptor in sent if descriptor is not None)


def _bring_layer_up(
    work: Push,
    diff_id: Digest,
    wanted: Descriptor | None,
    mounted: Mapping[Digest, str],
) -> Descriptor:
    if wanted is not None and wanted.digest in mounted:
        where = mounted[wanted.digest]
        work.tell(LayerStep(diff_id, Stage.MOUNTED, where=where))
        return wanted
    forms = [wanted] if wanted else _known_forms(work, diff_id)
    for form in forms[:_MOST_LOOKS]:
        if work.repository.blob_size(form.digest) is not None:
            work.tell(LayerStep(diff_id, Stage.LAYER_EXISTS))
            return form
    for form, neighbour in _neighbours(work, diff_id, forms):
        if mount_blob(work.repository, form.digest, neighbour):
            work.tell(LayerStep(diff_id, Stage.MOUNTED, where=neighbour))
            return form
    stored = work.shelf.blob(diff_id)
    if stored is not None and any(form.digest == stored.digest for form in forms):
        form = wanted or Descriptor(DOCKER_LAYER_GZIP, stored.digest, stored.size)
        _send(work, diff_id, form, partial(work.shelf.open_stored, stored.digest))
    else:
        form = _pack_and_send(work, diff_id)
    work.tell(LayerStep(diff_id, Stage.PUSHED))
    return form


def _known_forms(work: Push, diff_id: Digest) -> list[Descriptor]:
    """Return the gzip forms of a layer that we have or have seen, ours first."""
    found: dict[Digest, Descriptor] = {}
    stored = work.shelf.blob(diff_id)
    if stored is not None and stored.media_type in _GZIP:
        found[stored.digest] = Descriptor(DOCKER_LAYER_GZIP, stored.digest, stored.size)
    for blob in work.catalog.remotes.blobs(diff_id):
        if blob.media_type in _GZIP and _domain(blob.repository) == _domain(work.name):
            form = Descriptor(DOCKER_LAYER_GZIP, blob.digest, blob.size)
            found.setdefault(blob.digest, form)
    return list(found.values())


def _neighbours(
    work: Push, diff_id: Digest, forms: Sequence[Descriptor]
) -> list[tuple[Descriptor, str]]:
    """Return repositories of the same registry that have one of a layer's forms."""
    by_digest = {form.digest: form for form in forms}
    return [
        (by_digest[blob.digest], blob.repository.partition("/")[2])
        for blob in work.catalog.remotes.blobs(diff_id)
        if blob.digest in by_digest
        and blob.repository != work.name
        and _domain(blob.repository) == _domain(work.name)
    ][:_MOST_LOOKS]


def _domain(repository: str) -> str:
    return repository.partition("/")[0]


def _send(
    work: Push, diff_id: Digest, form: Descriptor, open_: Callable[[], BinaryIO]
) -> None:
    pace = Pace()

    def tell(at: int) -> None:
        if pace.is_due(at, form.size):
            work.tell(LayerStep(diff_id, Stage.PUSHING, at, form.size))

    upload = Upload(form.digest, form.size, open_)
    wait = _tell_wait(work, diff_id)
    upload_blob(work.repository, upload, work.patience, tell, wait)


def _pack_and_send(work: Push, diff_id: Digest) -> Descriptor:
    with tempfile.TemporaryDirectory(dir=work.spool) as folder:
        packed = Path(folder) / "layer"
        form = _pack(work, diff_id, packed)
        if work.repository.blob_size(form.digest) is None:
            upload = Upload(form.digest, form.size, lambda: packed.open("rb"))
            wait = _tell_wait(work, diff_id)
            upload_blob(work.repository, upload, work.patience, lambda _: None, wait)
    return form


def _pack(work: Push, diff_id: Digest, target: Path) -> Descriptor:
    """Pack a layer with gzip; the same layer gives the same bytes each time."""
    packer, digest = GzipPacker(), hashlib.sha256()
    total, at, pace = work.shelf.plain_size(diff_id), 0, Pace()
    with work.shelf.open_plain(diff_id) as tar, target.open("wb") as out:

        def put(data: bytes) -> None:
            digest.update(data)
            out.write(data)

        while chunk := tar.read(CHUNK_BYTES):
            work.patience.check()
            put(packer.compress(chunk))
            at += len(chunk)
            if pace.is_due(at, total):
                work.tell(LayerStep(diff_id, Stage.PUSHING, at, total))
        put(packer.flush())
    found = Digest("sha256:" + digest.hexdigest())
    return Descriptor(DOCKER_LAYER_GZIP, found, target.stat().st_size)


def _tell_wait(work: Push, diff_id: Digest) -> Callable[[int], None]:
    return lambda left: work.tell(LayerStep(diff_id, Stage.RETRYING, left))


def _send_config(work: Push, image: Image) -> Descriptor:
    data = work.catalog.config_bytes(image.id)
    config = Descriptor(DOCKER_CONFIG, image.id, len(data))
    if work.repository.blob_size(image.id) is None:
        upload = Upload(image.id, len(data), lambda: io.BytesIO(data))
        upload_blob(
            work.repository, upload, work.patience, lambda _: None, lambda _: None
        )
    return config


def _remember(
    work: Push,
    image: Image,
    reference: Reference,
    document: Document,
    layers: Sequence[Descriptor],
) -> None:
    by_digest = replace(reference, tag=None, digest=document.digest)
    work.catalog.set_name(by_digest, image.id)
    work.catalog.remotes.add_manifest(document, image.id)
    pairs = zip(image.config.rootfs.diff_ids, layers, strict=True)
    work.catalog.remotes.add_blobs(
        [
            RemoteBlob(diff_id, layer.digest, layer.size, layer.media_type, work.name)
            for diff_id, layer in pairs
        ]
    )
