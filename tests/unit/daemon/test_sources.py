"""What a daemon is told about registries and bundled images."""

import json
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.home import bundled_images_folders
from labkit.daemon.config import parse_arguments
from labkit.daemon.sources import Sources


def read(root: Path, *options: str) -> Sources:
    return parse_arguments(["--data-root", str(root), *options], {}).sources


def test_bundled_images_go_first_unless_told(tmp_path: Path) -> None:
    sources = read(tmp_path)
    assert not sources.upstream_first
    assert sources.bundled == bundled_images_folders()
    assert sources.settings.mirrors == ()
    folders = sources.settings.certificate_folders
    assert folders == (Path("/etc/docker/certs.d"), tmp_path.resolve() / "certs.d")


def test_reads_options(tmp_path: Path) -> None:
    sources = read(
        tmp_path,
        *("--registry-mirror", "http://a", "--registry-mirror", "http://b"),
        *("--insecure-registry", "lab:5000", "--pull-from", "upstream"),
        *("--bundled-images", str(tmp_path / "images")),
    )
    assert sources.settings.mirrors == ("http://a", "http://b")
    assert sources.settings.insecure == ("lab:5000",)
    assert sources.upstream_first
    assert sources.bundled == (tmp_path / "images",)


def test_options_go_before_the_file(tmp_path: Path) -> None:
    said = {
        "registry-mirrors": ["http://file"],
        "insecure-registries": ["10.0.0.0/8"],
        "pull-from": "upstream",
    }
    (tmp_path / "daemon.json").write_text(json.dumps(said))
    sources = read(tmp_path)
    assert sources.settings.mirrors == ("http://file",)
    assert sources.settings.insecure == ("10.0.0.0/8",)
    assert sources.upstream_first
    sources = read(tmp_path, "--registry-mirror", "http://a", "--pull-from", "bundled")
    assert sources.settings.mirrors == ("http://a",)
    assert not sources.upstream_first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "daemon.json: "),
        ("[]", "it is no JSON object"),
        ('{"log-driver":"x"}', "don't match any configuration option: log-driver"),
        ('{"registry-mirrors":"x"}', "registry-mirrors is no list of strings"),
        ('{"registry-mirrors":["ftp://x"]}', "invalid mirror: unsupported scheme"),
        ('{"pull-from":"x"}', "pull-from is neither bundled nor upstream"),
        ('{"bundled-images":1}', "bundled-images is no string"),
    ],
)
def test_refuses_a_file_that_makes_no_sense(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "daemon.json").write_text(text)
    with pytest.raises(InvalidInputError, match=words):
        read(tmp_path)


def test_a_data_root_that_cannot_be_has_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read(tmp_path / "file").upstream_first is False
    with pytest.raises(InvalidInputError, match="File name too long"):
        read(tmp_path / ("x" * 300))
