"""Notes on what is elsewhere."""

from pathlib import Path

from labkit.base.digest import Digest
from labkit.images.catalog import Catalog, NewImage
from labkit.images.registry.model import Document
from labkit.images.remotes import RemoteBlob
from tests.unit.images.fakes import config_of

DIFF = Digest.of(b"layer")


def blob(number: int, repository: str = "lab/a") -> RemoteBlob:
    return RemoteBlob(DIFF, Digest.of(b"%d" % number), number, "gzip", repository)


def test_knows_where_a_layer_lies_the_latest_first(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "images.db")
    remotes = catalog.remotes
    remotes.add_blobs([blob(1), blob(2, "lab/b")])
    remotes.add_blobs([blob(1)])
    assert remotes.blobs(DIFF) == (blob(1), blob(2, "lab/b"))
    assert remotes.blobs(Digest.of(b"other")) == ()
    remotes.add_blobs([blob(number) for number in range(100, 200)])
    assert len(remotes.blobs(DIFF)) == 50
    assert remotes.blobs(DIFF)[0] == blob(199)
    catalog.close()


def test_a_manifest_goes_with_its_image(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "images.db")
    config = config_of([])
    image_id = Digest.of(config)
    catalog.add_image(NewImage(image_id, config, 1, (), None), [])
    documents = [Document(Digest.of(data), "kind", data) for data in (b"1", b"2")]
    for document in documents:
        catalog.remotes.add_manifest(document, image_id)
    assert catalog.remotes.manifests(image_id) == tuple(reversed(documents))
    catalog.remove_image(image_id)
    assert catalog.remotes.manifests(image_id) == ()
    catalog.close()
