"""labkit.catalogue.bundle: out to a file, and back as the same images."""

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.base.machine import host_architecture
from labkit.catalogue.assemble import assemble
from labkit.catalogue.bundle import export_bundle, import_bundle, list_sources
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.lock import Lock, LockedDeb
from labkit.catalogue.progress import SilentReporter
from labkit.catalogue.recipes.base import HELLO_WORLD

HERE = host_architecture()
LOCK = Lock((LockedDeb("s", "amd64", "prog", "1-1", 1, "", "", "progs (1-1)"),), ())


@pytest.fixture
def built(tmp_path: Path) -> tuple[Layout, tuple[StoredImage, ...]]:
    images = assemble([HELLO_WORLD], tmp_path / "cache", SilentReporter())
    return Layout(tmp_path / "cache" / "images"), images


def test_brings_the_same_images_back(
    tmp_path: Path, built: tuple[Layout, tuple[StoredImage, ...]]
) -> None:
    file = tmp_path / "all.tar.zst"
    assert export_bundle(*built, LOCK, file) == file.stat().st_size
    layout = Layout(tmp_path / "other")
    assert import_bundle(file, layout, HERE) == built[1] == layout.images()


def test_is_an_archive_for_docker_load(
    tmp_path: Path, built: tuple[Layout, tuple[StoredImage, ...]]
) -> None:
    file = tmp_path / "all.tar.zst"
    export_bundle(*built, LOCK, file)
    with (
        file.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed) as plain,
        tarfile.open(fileobj=io.BytesIO(plain.read())) as tar,
    ):
        assert {"manifest.json", "index.json", "SOURCES.txt"} <= set(tar.getnames())


def test_leaves_no_half_file(
    tmp_path: Path, built: tuple[Layout, tuple[StoredImage, ...]]
) -> None:
    layout, images = built
    layout.path(images[0].layers[0].digest).unlink()
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(FileNotFoundError):
        export_bundle(layout, images, LOCK, folder / "all.tar.zst")
    assert list(folder.iterdir()) == []


def test_refuses_a_changed_blob(
    tmp_path: Path, built: tuple[Layout, tuple[StoredImage, ...]]
) -> None:
    layout, images = built
    blob = layout.path(images[0].layers[0].digest)
    blob.write_bytes(blob.read_bytes().replace(b"Docker", b"Bocker"))
    file = tmp_path / "all.tar.zst"
    export_bundle(layout, images, LOCK, file)
    with pytest.raises(InvalidInputError, match="has digest"):
        import_bundle(file, Layout(tmp_path / "other"), HERE)


def test_refuses_images_for_another_machine(
    tmp_path: Path, built: tuple[Layout, tuple[StoredImage, ...]]
) -> None:
    file = tmp_path / "all.tar.zst"
    export_bundle(*built, LOCK, file)
    layout = Layout(tmp_path / "other")
    with pytest.raises(UnsupportedError, match=r"all\.tar\.zst': the .* not for s390x"):
        import_bundle(file, layout, "s390x")
    assert layout.images() == ()


@pytest.mark.parametrize(
    ("names", "reason"),
    [(["../x"], "has an entry '../x'"), ([], "no index.json")],
)
def test_refuses_other_archives(tmp_path: Path, names: list[str], reason: str) -> None:
    file = tmp_path / "x.tar"
    with tarfile.open(file, "w") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(InvalidInputError, match=reason):
        import_bundle(file, Layout(tmp_path / "other"), HERE)


def test_names_the_sources(built: tuple[Layout, tuple[StoredImage, ...]]) -> None:
    (image,) = built[1]
    labels = {"io.labkit.packages": "prog=1-1 pymongo=4"}
    image.config.config.labels.update(labels)
    lines = list_sources([image], LOCK).splitlines()
    assert "prog 1-1: Debian source progs (1-1)" in lines
    assert "pymongo 4: PyPI or npm" in lines
