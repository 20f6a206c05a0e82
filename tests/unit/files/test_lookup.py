"""Paths of ``docker cp``."""

import stat
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.files.lookup import clean, locate, read_status, shown_name


@pytest.mark.parametrize(
    ("path", "cleaned", "name"),
    [
        ("/d", "/d", "d"),
        ("d", "/d", "d"),
        ("/d/", "/d/", "d"),
        ("/d/.", "/d/.", "."),
        ("//a/../d", "/d", "d"),
        ("/../../d", "/d", "d"),
        ("/", "/", "/"),
        ("/.", "/.", "."),
        (".", "/.", "."),
    ],
)
def test_the_end_of_a_path_counts(path: str, cleaned: str, name: str) -> None:
    assert (clean(path), shown_name(path)) == (cleaned, name)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_text("hi")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nowhere")
    return tmp_path


def test_the_last_link_is_followed_only_with_a_slash(tree: Path) -> None:
    assert locate(f"{tree}/link") == f"{tree}/link"
    assert locate(f"{tree}/link/") == f"{tree}/real/"
    assert locate(f"{tree}/link/.") == f"{tree}/real/."
    assert locate(f"{tree}/link/file") == f"{tree}/real/file"


def test_a_link_is_told_with_its_end(tree: Path) -> None:
    found = read_status(f"{tree}/link")
    assert stat.S_ISLNK(found.mode)
    assert (found.name, found.link_target) == ("link", f"{tree}/real")
    assert read_status(f"{tree}/dangling").link_target == f"{tree}/nowhere"
    followed = read_status(f"{tree}/link/")
    assert stat.S_ISDIR(followed.mode)
    assert (followed.name, followed.link_target) == ("link", "")


def test_a_file_has_a_size(tree: Path) -> None:
    assert read_status(f"{tree}/real/file").size == 2


@pytest.mark.parametrize("path", ["/real/a\0b", "/" + "a" * 300, "/a" * 5000])
def test_what_no_file_can_be_called_is_not_found(path: str) -> None:
    with pytest.raises(NotFoundError):
        read_status(path)


def test_what_is_not_there_is_not_found(tree: Path) -> None:
    for name in ("none", "none/file", "real/file/x", "real/file/"):
        with pytest.raises(NotFoundError):
            read_status(f"{tree}/{name}")
