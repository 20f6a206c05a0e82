"""labkit.catalogue.sources.apt: mirrors and offers, as apt spells them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.errors import UnsupportedError
from labkit.catalogue.sources.apt import (
    _OFFER,
    MIRROR_VARIABLE,
    AptArchive,
    Mirrors,
    _offer,
    find_mirrors,
)

LINE = (
    "'mirror://m.example/debian/pool/main/b/b/busybox_1.37.0-6%2bb9_amd64.deb' "
    "busybox-static_1%3a1.37.0-6+b9_amd64.deb 955316 SHA256:598a3f\n"
)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Path]:
    """Put a folder of our own in front of PATH: what is there stands in for apt."""
    before = dict(os.environ)
    folder = tmp_path / "programs"
    folder.mkdir()
    os.environ["PATH"] = str(folder)
    os.environ.pop(MIRROR_VARIABLE, None)
    yield folder
    os.environ.clear()
    os.environ.update(before)


def stand_in(folder: Path, script: str) -> None:
    (folder / "apt-get").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "apt-get").chmod(0o755)


def test_reads_what_the_archive_offers() -> None:
    match = _OFFER.search(f"Reading...\n{LINE}")
    assert match is not None
    offer = _offer(match)
    assert (offer.name, offer.version) == ("busybox-static", "1:1.37.0-6+b9")
    assert (offer.size, offer.sha256) == (955316, "598a3f")
    assert offer.file == "busybox-static_1%3a1.37.0-6+b9_amd64.deb"


def test_takes_the_mirrors_of_the_machine(programs: Path) -> None:
    stand_in(
        programs,
        "echo https://a.example/ubuntu/\n"
        "echo https://b.example/mirror/debian/\n"
        "echo https://b.example/debian-security/",
    )
    assert find_mirrors() == Mirrors(
        "https://b.example/mirror/debian/", "https://b.example/debian-security/"
    )


def test_takes_the_mirror_that_is_named(programs: Path) -> None:
    os.environ[MIRROR_VARIABLE] = "https://c.example/d"
    assert find_mirrors() == Mirrors("https://c.example/d")


def test_says_what_to_do_without_apt(programs: Path) -> None:
    with pytest.raises(UnsupportedError, match="no 'apt-get': install apt"):
        find_mirrors()


def test_keeps_its_state_in_its_own_folder(programs: Path, tmp_path: Path) -> None:
    stand_in(programs, f'case "$*" in *print-uris*) echo "{LINE.strip()}";; esac')
    os.environ[MIRROR_VARIABLE] = "https://c.example/d"
    archive = AptArchive(tmp_path / "apt", "trixie", "amd64")
    with pytest.raises(UnsupportedError, match="trixie has no package 'other'"):
        archive.fetch(["busybox-static", "other"])
    folder = tmp_path / "apt" / "trixie"
    configuration = (folder / "apt.conf").read_text()
    assert f'Dir::State::status "{folder}/status";' in configuration
    assert 'APT::Architecture "amd64";' in configuration
    source = (folder / "sources.list").read_text()
    assert source.endswith("https://c.example/d trixie main\n")
    assert source.startswith("deb [signed-by=/")
