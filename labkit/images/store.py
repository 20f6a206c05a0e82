"""The image store: images by name, their layers unpacked once and shared.

Adding an image goes in steps that a crash may cut anywhere:

    1  each layer's blob is verified and stored        content.py, layers.py
    2  each layer is noted in the catalog and unpacked         shelf.py
    3  one transaction records the image with its names; now it is there

What steps 1 and 2 leave behind when 3 never came is swept by ``collect``, which the
engine calls at start.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labkit.base.codec import encode, same_name
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import DEFAULT_TAG, Reference, parse_bare_reference
from labkit.images.archive_read import read_archive
from labkit.images.catalog import Catalog, NewImage, parse_config
from labkit.images.history import history_lines, parse_time
from labkit.images.layers import LayerBlob
from labkit.images.model import (
    HistoryLine,
    Image,
    ImageLoaded,
    LayerLoading,
    LayerSource,
    LoadEvent,
    NameMoved,
    Snapshots,
)
from labkit.images.pull import Pull, pull
from labkit.images.push import Push, push
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience
from labkit.images.shelf import LayerShelf, chains_of
from labkit.images.transfer import PullEnded, PushEnded, Source, Tell
from labkit.spec.image import ImageConfig, Platform
from labkit.spec.image_archive import SavedImage, SavedLayer, write_archive

_HEX = frozenset("0123456789abcdef")


class ImageStore:
    """Images below one data root. All methods may be called from any thread."""

    def __init__(self, root: Path, snapshots: Snapshots) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._catalog = Catalog(root / "images.db")
        self._shelf = LayerShelf(root / "blobs", self._catalog, snapshots)
        self._spool = root / "blobs" / "ingest"

    def close(self) -> None:
        self._catalog.close()

    @property
    def shelf(self) -> LayerShelf:
        """The layers, for those who make some."""
        return self._shelf

    # -- find

    def resolve(self, ref: str) -> Image:
        """Find an image by name, name@digest, id or the unique start of an id.

        Raises:
            NotFoundError: in Docker's words, which its clients look for.
            InvalidInputError: ``ref`` can be neither a name nor an id.
        """
        digits = ref.removeprefix("sha256:")
        if len(digits) == 64 and _HEX.issuperset(digits):
            return self._require(Digest(f"sha256:{digits}"), f"sha256:{digits}")
        name = _complete(parse_bare_reference(ref))
        if image_id := self._catalog.find_name(name):
            return self._require(image_id, name.familiar)
        if digits and _HEX.issuperset(digits):
            match self._catalog.find_prefix(digits):
                case (only,):
                    return self._require(only, name.familiar)
        raise _absent(name.familiar)

    def list(self) -> tuple[Image, ...]:
        """Return all images, newest first."""
        return self._catalog.images()

    def config_bytes(self, image: Image) -> bytes:
        """Return the configuration as it came: the bytes whose digest is the id."""
        return self._catalog.config_bytes(image.id)

    def history(self, image: Image) -> tuple[HistoryLine, ...]:
        """Return how an image came about, last step first, as docker history does."""
        lines = list(history_lines(image, self.layer_sizes(image)))
        # Of what was made here the images below are known, too: one a step.
        known: Image | None = image
        for at, line in enumerate(lines):
            if known is None:
                break
            lines[at] = replace(line, id=known.id, tags=known.names)
            known = self._catalog.image(known.parent) if known.parent else None
        return tuple(lines)

    def layer_sizes(self, image: Image) -> tuple[int, ...]:
        """Return the bytes of each layer's files, lowest first."""
        found = [self._catalog.chain(chain) for chain in image.chain_ids]
        return tuple((chain.bytes or 0) if chain else 0 for chain in found)

    # -- name and remove

    def tag(self, image: Image, reference: Reference) -> Digest | None:
        """Give an image one more name; return the image it was taken from, if any."""
        return self._catalog.set_name(_complete(reference), image.id)

    def untag(self, reference: Reference) -> None:
        name = _complete(reference)
        if not self._catalog.remove_name(name):
            raise _absent(name.familiar)

    def remove(
        self, image_id: Digest, in_use: Collection[Digest] = ()
    ) -> tuple[Digest, ...]:
        """Remove an image, its names and the layers that nobody else needs.

        Args:
            in_use: chain ids of the layers that containers stand on.

        Returns:
            The chain ids of the layers that went, uppermost first.
        """
        self._require(image_id, image_id.text)
        self._catalog.remove_image(image_id)
        return self._shelf.collect(in_use)

    def collect(self, in_use: Collection[Digest] = ()) -> tuple[Digest, ...]:
        """Remove layers and blobs that no image, container or operation needs."""
        return self._shelf.collect(in_use)

    # -- layers

    def chain_ids(self, image: Image) -> tuple[Digest, ...]:
        """Return an image's layers, lowest first, all of them unpacked."""
        with self._shelf.hold(image.chain_ids):
            for chain in chains_of(image.config):
                self._shelf.ensure_chain(chain)
        return image.chain_ids

    def write_layer(self, tar: BinaryIO) -> AbstractContextManager[LayerBlob]:
        """Store a layer whose diff id is not known yet; it is held until the end."""
        return self._shelf.write(tar)

    def open_layer(self, diff_id: Digest) -> AbstractContextManager[BinaryIO]:
        """Open a layer as its plain tar, verified."""
        return self._shelf.open_plain(diff_id)

    # -- add, load, save

    def add(
        self,
        config: bytes,
        layers: Sequence[LayerSource],
        names: Sequence[Reference] = (),
        parent: Digest | None = None,
    ) -> Image:
        """Record an image; its id is the digest of its configuration's bytes.

        Args:
            layers: lowest first; they must be those that the configuration names.
        """
        image, _ = self._add(config, layers, names, parent)
        return image

    def derive(
        self,
        tar: BinaryIO,
        describe: Callable[[Digest], ImageConfig],
        base: Image | None = None,
        names: Sequence[Reference] = (),
    ) -> Image:
        """Record an image of one more layer on top of another's, or of nothing.

        Args:
            describe: returns the configuration for the new layer's diff id; it need
                not name the layer, if that is empty.
        """
        with self.write_layer(tar) as blob:
            config = describe(blob.diff_id)
            layers = [
                LayerSource(diff_id, partial(self._shelf.open_packed, diff_id))
                for diff_id in config.rootfs.diff_ids
            ]
            parent = base.id if base else None
            return self.add(spell_config(config), layers, names, parent)

    def load(self, archive: BinaryIO) -> Iterator[LoadEvent]:
        """Take in what ``docker save`` or an OCI layout's tar holds, step by step."""
        with read_archive(archive, self._spool) as incoming:
            for one in incoming:
                diff_ids = [source.diff_id for source in one.layers]
                with self._shelf.hold(diff_ids):
                    for source in one.layers:
                        yield LayerLoading(source.diff_id, 0, source.size)
                        self._shelf.ensure_blob(source)
                        yield LayerLoading(source.diff_id, source.size, source.size)
                    image, moved = self._add(one.config, one.layers, one.names, None)
                for name, previous in moved:
                    yield NameMoved(name, previous)
                yield from [ImageLoaded(image, name) for name in one.names or (None,)]

    def save(self, names: Sequence[str], out: BinaryIO) -> None:
        """Write images as one archive that Docker of any age and skopeo can read."""
        chosen: dict[Digest, dict[Reference, None]] = {}
        for name in names:
            for image, tags in _select(self, name):
                chosen.setdefault(image.id, {}).update(dict.fromkeys(tags))
        saved = []
        for image_id, tags_of_image in chosen.items():
            config = self._catalog.config_bytes(image_id)
            layers = tuple(
                SavedLayer(
                    diff_id,
                    self._shelf.plain_size(diff_id),
                    partial(self._shelf.open_plain, diff_id),
                )
                for diff_id in parse_config(config).rootfs.diff_ids
            )
            saved.append(SavedImage(config, tuple(tags_of_image), layers))
        write_archive(saved, out)

    # -- elsewhere

    def pull(
        self,
        source: Source,
        reference: Reference,
        platform: Platform,
        patience: Patience,
        tell: Tell,
    ) -> PullEnded:
        """Take in what a source has under a name; see ``pull.py``."""
        work = Pull(self._catalog, self._shelf, source, patience, tell)
        return pull(work, reference, platform)

    def push(
        self,
        repository: Repository,
        image: Image,
        reference: Reference,
        patience: Patience,
        tell: Tell,
    ) -> PushEnded:
        """Send an image to a repository; see ``push.py``."""
        work = Push(
            self._catalog,
            self._shelf,
            self._spool,
            repository,
            reference.name,
            patience,
            tell,
        )
        return push(work, image, reference)

    # -- the inside

    def _add(
        self,
        config: bytes,
        layers: Sequence[LayerSource],
        names: Sequence[Reference],
        parent: Digest | None,
    ) -> tuple[Image, Sequence[tuple[Reference, Digest]]]:
        parsed = parse_config(config)
        if tuple(layer.diff_id for layer in layers) != parsed.rootfs.diff_ids:
            raise InvalidInputError(
                f"invalid image: the {len(layers)} layers that came are not the "
                f"{len(parsed.rootfs.diff_ids)} that its configuration names"
            )
        chains = chains_of(parsed)
        chain_ids = tuple(chain.id for chain in chains)
        new = NewImage(
            Digest.of(config), config, parse_time(parsed.created), chain_ids, parent
        )
        with self._shelf.hold((*chain_ids, *parsed.rootfs.diff_ids)):
            for chain, source in zip(chains, layers, strict=True):
                self._shelf.ensure_blob(source)
                self._shelf.ensure_chain(chain)
            moved = self._catalog.add_image(new, [_complete(name) for name in names])
        return self._require(new.id, new.id.text), moved

    def _require(self, image_id: Digest, asked: str) -> Image:
        image = self._catalog.image(image_id)
        if image is None:
            raise _absent(asked)
        return image


def _select(
    store: ImageStore, name: str
) -> Iterator[tuple[Image, Sequence[Reference]]]:
    """Find what ``docker save`` means by a name: a repository is all its tags."""
    missing = _absent(name)
    if not _HEX.issuperset(name.removeprefix("sha256:")):
        bare = parse_bare_reference(name)
        if bare.tag is not None or bare.digest is not None:
            missing = NotFoundError("reference does not exist")
        else:
            found = [
                (image, tags)
                for image in store.list()
                if (tags := [tag for tag in image.names if tag.name == bare.name])
            ]
            yield from found
            if found:
                return
    try:
        image = store.resolve(name)
    except NotFoundError as error:
        raise missing from error
    yield image, [tag for tag in image.names if _is_called(tag, name)]


def spell_config(config: ImageConfig) -> bytes:
    """Spell a configuration; the digest of these bytes is the image's id."""
    return json.dumps(encode(config, same_name), separators=(",", ":")).encode()


def _is_called(tag: Reference, name: str) -> bool:
    try:
        return _complete(parse_bare_reference(name)) == tag
    except InvalidInputError:  # sixty-four hex digits are an id and no name
        return False


def _complete(reference: Reference) -> Reference:
    """Name a thing as the catalog does: by tag, or by digest without a tag."""
    if reference.digest is not None:
        return replace(reference, tag=None)
    return replace(reference, tag=reference.tag or DEFAULT_TAG)


def _absent(asked: str) -> NotFoundError:
    return NotFoundError(f"No such image: {asked}")
