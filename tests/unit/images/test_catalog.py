"""labkit.images.catalog: what is recorded, and what is found to be unneeded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InternalError, InvalidInputError
from labkit.base.reference import parse_reference
from labkit.images.catalog import Catalog, Chain, NewImage, parse_config
from labkit.images.layers import LayerBlob
from tests.unit.images.fakes import config_of

CONFIG = config_of([])
IMAGE = Digest.of(CONFIG)
CHAIN, DIFF, BLOB = (Digest.of(name) for name in (b"chain", b"diff", b"blob"))
NAME = parse_reference("app:1")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "images.db")
    yield catalog
    catalog.close()


def test_records_an_image_with_its_names_and_layers(catalog: Catalog) -> None:
    catalog.add_chain(Chain(CHAIN, DIFF, None, 42))
    new = NewImage(IMAGE, CONFIG, 7, (CHAIN,), None)
    assert catalog.add_image(new, [NAME]) == []
    image = catalog.image(IMAGE)
    assert image is not None
    assert (image.size, image.created_ns, image.names) == (42, 7, (NAME,))
    assert image.chain_ids == (CHAIN,)
    assert catalog.config_bytes(IMAGE) == CONFIG
    assert catalog.find_name(NAME) == IMAGE
    assert catalog.find_prefix(IMAGE.hex[:5]) == (IMAGE,)


def test_keeps_names_with_digests_apart(catalog: Catalog) -> None:
    pinned = parse_reference(f"app@{BLOB}")
    catalog.add_image(NewImage(IMAGE, CONFIG, 7, (), None), [NAME, pinned])
    image = catalog.image(IMAGE)
    assert image is not None
    assert (image.names, image.repo_digests) == ((NAME,), (pinned,))


def test_removes_names_with_their_image(catalog: Catalog) -> None:
    catalog.add_chain(Chain(CHAIN, DIFF, None))
    catalog.add_image(NewImage(IMAGE, CONFIG, 7, (CHAIN,), None), [NAME])
    assert catalog.unused_chains() == ()
    catalog.remove_image(IMAGE)
    assert catalog.find_name(NAME) is None
    assert catalog.unused_chains() == (Chain(CHAIN, DIFF, None),)


def test_notes_a_size_and_never_forgets_it(catalog: Catalog) -> None:
    catalog.add_chain(Chain(CHAIN, DIFF, None))
    catalog.add_chain(Chain(CHAIN, DIFF, None, 9))
    catalog.add_chain(Chain(CHAIN, DIFF, None))
    assert catalog.chain(CHAIN) == Chain(CHAIN, DIFF, None, 9)
    catalog.remove_chain(CHAIN)
    assert catalog.chain(CHAIN) is None


def test_finds_blobs_that_nothing_was_unpacked_from(catalog: Catalog) -> None:
    blob = LayerBlob(DIFF, BLOB, 10, "type", 20)
    catalog.add_blob(blob)
    assert catalog.blob(DIFF) == blob
    assert catalog.unused_blobs() == catalog.blobs() == (blob,)
    catalog.add_chain(Chain(CHAIN, DIFF, None))
    assert catalog.unused_blobs() == ()
    catalog.remove_blob(DIFF)
    assert catalog.blob(DIFF) is None


def test_notices_a_damaged_configuration(catalog: Catalog) -> None:
    catalog.add_image(NewImage(BLOB, CONFIG, 7, (), None), [])
    with pytest.raises(InternalError, match="is damaged"):
        catalog.config_bytes(BLOB)


def test_refuses_a_configuration_that_is_none() -> None:
    with pytest.raises(InvalidInputError, match="architecture"):
        parse_config(b"{}")
