"""Paths inside a root that wants to lead us out of it, on the real kernel."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.kernel.linux import LinuxKernel
from labkit.runtime.steps.targets import ensure_inside, fd_path, opened


@pytest.fixture
def root(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    folder = tmp_path / "root"
    folder.mkdir()
    fd = os.open(folder, os.O_PATH)
    yield folder, fd
    os.close(fd)


def _where(root: tuple[Path, int], path: str, folder: bool) -> Path:
    fd = ensure_inside(LinuxKernel(), root[1], path, folder)
    try:
        return Path(os.readlink(fd_path(fd)))
    finally:
        os.close(fd)


def test_makes_what_is_missing(root: tuple[Path, int]) -> None:
    assert _where(root, "/a/b/c", True) == root[0] / "a/b/c"
    assert _where(root, "/a/b/file", False) == root[0] / "a/b/file"
    assert (root[0] / "a/b/file").is_file()
    assert _where(root, "/", True) == root[0]


@pytest.mark.parametrize("link", ["/", "../../..", "/../../tmp", "/proc/1/root"])
def test_links_stay_inside(root: tuple[Path, int], link: str) -> None:
    (root[0] / "link").symlink_to(link)
    found = _where(root, "/link/new/file", False)
    assert found.is_relative_to(root[0])


def test_dots_stay_inside(root: tuple[Path, int]) -> None:
    assert _where(root, "/../../../up", True) == root[0] / "up"


def test_a_dangling_link_gets_its_target(root: tuple[Path, int]) -> None:
    (root[0] / "etc").mkdir()
    (root[0] / "etc/resolv.conf").symlink_to("../run/systemd/stub.conf")
    found = _where(root, "/etc/resolv.conf", False)
    assert found == root[0] / "run/systemd/stub.conf"


def test_a_circle_of_links_is_an_error(root: tuple[Path, int]) -> None:
    (root[0] / "a").symlink_to("b")
    (root[0] / "b").symlink_to("a")
    with pytest.raises(OSError, match="too many levels"):
        _where(root, "/a", True)


def test_a_file_is_no_folder(root: tuple[Path, int]) -> None:
    (root[0] / "file").write_text("x")
    with pytest.raises(NotADirectoryError):
        _where(root, "/file/below", True)


def test_opened_closes_again(root: tuple[Path, int]) -> None:
    before = os.listdir("/proc/self/fd")
    with opened(LinuxKernel(), root[1], "/") as path:
        assert Path(os.readlink(path)) == root[0]
    assert os.listdir("/proc/self/fd") == before
