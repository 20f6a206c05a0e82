"""Destinations: folders of an upper, over those that layers below have."""

import os
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.place import Destination, NewFolder


@pytest.fixture
def layers(tmp_path: Path) -> tuple[Path, Path]:
    upper, lower = tmp_path / "upper", tmp_path / "lower"
    upper.mkdir()
    (lower / "etc/app").mkdir(parents=True)
    (lower / "etc").chmod(0o711)
    (lower / "etc/file").touch()
    (lower / "link").symlink_to("/etc/app")
    return upper, lower


def test_makes_again_what_lower_layers_have(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    os.utime(lower / "etc", (1000, 1000))
    with Destination(upper, (lower,)).open("/etc/app/new", NewFolder(0o700)):
        pass
    assert (upper / "etc").stat().st_mode & 0o777 == 0o711
    assert (upper / "etc/app/new").stat().st_mode & 0o777 == 0o700
    assert not (upper / "etc/file").exists()


def test_sees_what_lower_layers_show(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    destination = Destination(upper, (lower,))
    assert destination.is_folder("/link")
    assert destination.view.resolve("/link/x") == "/etc/app/x"
    with destination.open("/etc", NewFolder()) as place:
        assert place.status("file") is not None
        assert place.status("nothing") is None


def test_refuses_a_file_on_the_way(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    with pytest.raises(InvalidInputError, match="file is not a directory"):
        Destination(upper, (lower,)).open("/etc/file/x", NewFolder())


def test_needs_nothing_below(tmp_path: Path) -> None:
    with Destination(tmp_path, ()).open("/a/b", NewFolder()) as place:
        assert place.below is None
    assert (tmp_path / "a/b").is_dir()
