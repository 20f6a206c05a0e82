"""Pulling one image from a source.

    1  its manifest, by way of an index to the one for the platform
    2  its configuration, which names the layers' plain tars
    3  its layers: three at a time come in, each to the store, checked against its
       digest; one after another, lowest first, they are unpacked and checked again,
       against the configuration
    4  one transaction records the image under its name and its digest

A layer that is unpacked already is not asked for. Until step 4 there is no image; what
the steps before have left is swept like any rubbish (``store.py``).
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import Reference
from labkit.images.catalog import Catalog, Chain, NewImage, parse_config
from labkit.images.first_failure import FirstFailure
from labkit.images.history import parse_time
from labkit.images.layers import LayerBlob
from labkit.images.manifests import MAX_CONFIG_BYTES, MAX_DEPTH, parse_document
from labkit.images.model import Image
from labkit.images.pace import Pace
from labkit.images.platforms import choose, spell
from labkit.images.registry.failures import BrokenPromiseError
from labkit.images.registry.model import Document
from labkit.images.registry.retry import CancelledError, Patience
from labkit.images.remotes import RemoteBlob
from labkit.images.shelf import LayerShelf, chains_of
from labkit.images.transfer import (
    LayerStep,
    PullBegun,
    PullEnded,
    Source,
    Stage,
    Tell,
)
from labkit.spec.image import Descriptor, ImageConfig, Manifest, Platform

AT_A_TIME = 3
_HEAD_BYTES = 64  # what is read first only shows how a layer is packed


@dataclass(frozen=True, slots=True)
class Pull:
    """What a pull works with."""

    catalog: Catalog
    shelf: LayerShelf
    source: Source
    patience: Patience
    tell: Tell


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer on its way: what the manifest says, and the configuration."""

    blob: Descriptor
    chain: Chain


@dataclass(frozen=True, slots=True)
class _Found:
    """An image at its source, before its layers are."""

    top: Document
    document: Document
    manifest: Manifest
    config: bytes

    @property
    def id(self) -> Digest:
        return self.manifest.config.digest


def pull(pull: Pull, reference: Reference, platform: Platform) -> PullEnded:
    """Pull what a reference stands for at a source.

    Raises:
        RegistryError: the source fails us, or what it has is not what it promised.
        NotFoundError: there is no such image for the platform.
    """
    top = _find_top(pull, reference)
    document, manifest = _find_manifest(pull, top, platform)
    pull.tell(PullBegun(reference))
    known = pull.catalog.image(manifest.config.digest)
    if known is not None:
        config = pull.catalog.config_bytes(known.id)
    else:
        config = fetch_config(pull.source, manifest.config, pull.patience)
    found = _Found(top, document, manifest, config)
    parsed = _parse(found)
    layers = _pair(manifest, parsed)
    held = [one for layer in layers for one in (layer.chain.id, layer.chain.diff_id)]
    with pull.shelf.hold(held):
        missing = [one for one in layers if not pull.shelf.has_chain(one.chain.id)]
        if missing or known is None:  # nothing is told of an image that is all there
            _bring_in(pull, layers, missing)
        image, is_new = _record(pull, reference, found, parsed)
    _remember(pull, found, layers)
    return PullEnded(reference, top.digest, image, is_new)


def _find_top(pull: Pull, reference: Reference) -> Document:
    if reference.digest is not None:
        return pull.source.manifest(reference.digest)
    tag = reference.tag or ""
    return pull.source.manifest(pull.source.find_digest(tag) or tag)


def _find_manifest(
    pull: Pull, document: Document, platform: Platform
) -> tuple[Document, Manifest]:
    for _ in range(MAX_DEPTH):
        pull.patience.check()
        parsed = parse_document(document)
        if isinstance(parsed, Manifest):
            return document, parsed
        chosen = choose(parsed.manifests, platform)
        if chosen is None:
            raise NotFoundError(
                f"no matching manifest for {spell(platform)} in the manifest list "
                "entries"
            )
        document = pull.source.manifest(chosen.digest)
    raise BrokenPromiseError(
        f"invalid manifest {document.digest}: indexes within indexes, more than "
        f"{MAX_DEPTH} deep"
    )


def fetch_config(source: Source, config: Descriptor, patience: Patience) -> bytes:
    """Fetch an image's configuration.

    Raises:
        BrokenPromiseError: what came is another one.
    """
    parts, size = [], 0
    with source.open_blob(config, patience, _ignore, _ignore) as stream:
        while part := stream.read(MAX_CONFIG_BYTES):
            parts.append(part)
            size += len(part)
            if size > config.size:
                break
    data = b"".join(parts)
    if Digest.of(data) != config.digest or size != config.size:
        raise BrokenPromiseError(
            f"image config verification failed for digest {config.digest}"
        )
    return data


def _parse(found: _Found) -> ImageConfig:
    try:
        parsed = parse_config(found.config)
        parse_time(parsed.created)
    except InvalidInputError as error:
        raise BrokenPromiseError(f"image {found.id}: {error}") from error
    if parsed.os != "linux":
        raise BrokenPromiseError(
            f'image operating system "{parsed.os}" cannot be used on this platform'
        )
    return parsed


def _pair(manifest: Manifest, config: ImageConfig) -> tuple[_Layer, ...]:
    chains = chains_of(config)
    if len(chains) != len(manifest.layers):
        raise BrokenPromiseError(
            "layers from manifest don't match image configuration: "
            f"{len(manifest.layers)} and {len(chains)}"
        )
    return tuple(map(_Layer, manifest.layers, chains))


def _bring_in(pull: Pull, layers: Sequence[_Layer], missing: Sequence[_Layer]) -> None:
    """Receive and unpack what is not there yet."""
    for layer in layers:
        stage = Stage.FOUND if layer in missing else Stage.EXISTS
        pull.tell(LayerStep(layer.blob.digest, stage))
    pull.shelf.announce([layer.chain for layer in missing])
    for layer in missing[AT_A_TIME:]:
        pull.tell(LayerStep(layer.blob.digest, Stage.WAITING))
    with ThreadPoolExecutor(AT_A_TIME, "labkit-pull") as pool:
        failure = FirstFailure(pull.patience)
        arrivals = [
            (layer, pool.submit(failure.watch, partial(_receive, pull, layer)))
            for layer in missing
        ]
        for layer, arrival in arrivals:
            failure.watch(partial(_unpack, pull, layer, arrival))
            if failure.is_there:
                break
    failure.check()
    pull.shelf.settle(layer.chain for layer in layers)


def _receive(pull: Pull, layer: _Layer) -> LayerBlob:
    blob = layer.blob
    pace = Pace()

    def tell_bytes(at: int) -> None:
        if pace.is_due(at, blob.size):
            pull.tell(LayerStep(blob.digest, Stage.DOWNLOADING, at, blob.size))

    def tell_wait(left: int) -> None:
        pull.tell(LayerStep(blob.digest, Stage.RETRYING, left))

    try:
        received = pull.shelf.receive(
            blob,
            layer.chain.diff_id,
            lambda: pull.source.open_blob(blob, pull.patience, tell_bytes, tell_wait),
        )
    except InvalidInputError as error:
        raise BrokenPromiseError(
            f"filesystem layer verification failed for digest {blob.digest}"
        ) from error
    pull.tell(LayerStep(blob.digest, Stage.VERIFYING))
    pull.tell(LayerStep(blob.digest, Stage.DOWNLOADED))
    return received


def _unpack(
    pull: Pull, layer: _Layer, arrival: "Future[LayerBlob | None]"
) -> LayerBlob | None:
    received = arrival.result()
    if received is None:
        raise CancelledError
    total, pace = received.size, Pace()

    def tell(at: int) -> None:
        pull.patience.check()
        if at >= min(_HEAD_BYTES, total) and pace.is_due(at, total):
            pull.tell(LayerStep(layer.blob.digest, Stage.EXTRACTING, at, total))

    try:
        pull.shelf.unpack_received(layer.chain, received, tell)
    except InvalidInputError as error:
        raise BrokenPromiseError(
            f"failed to register layer {layer.blob.digest}: {error}"
        ) from error
    pull.tell(LayerStep(layer.blob.digest, Stage.PULLED))
    return None


def _record(
    pull: Pull, reference: Reference, found: _Found, parsed: ImageConfig
) -> tuple[Image, bool]:
    by_digest = replace(reference, tag=None, digest=found.top.digest)
    name = by_digest if reference.digest is not None else reference
    before = pull.catalog.find_name(name)
    chains = tuple(chain.id for chain in chains_of(parsed))
    created = parse_time(parsed.created)
    new = NewImage(found.id, found.config, created, chains, parent=None)
    pull.catalog.add_image(new, list(dict.fromkeys((name, by_digest))))
    image = pull.catalog.image(found.id)
    if image is None:  # removed in this very moment
        raise NotFoundError(f"No such image: {found.id}")
    return image, before != found.id


def _remember(pull: Pull, found: _Found, layers: Sequence[_Layer]) -> None:
    """Keep what a later push of the image may use."""
    pull.catalog.remotes.add_manifest(found.document, found.id)
    if pull.source.repository:
        pull.catalog.remotes.add_blobs(
            [
                RemoteBlob(
                    layer.chain.diff_id,
                    layer.blob.digest,
                    layer.blob.size,
                    layer.blob.media_type,
                    pull.source.repository,
                )
                for layer in layers
            ]
        )


def _ignore(_: int) -> None:
    """Tell nobody: a configuration is small."""
