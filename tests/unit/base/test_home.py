import os
import pwd
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.base.home import (
    bundled_images_folders,
    content_folder,
    default_data_root,
    default_socket,
    lab_home,
    workspace,
)


def test_the_lab_home_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path / "lab"))
    assert lab_home() == tmp_path / "lab"
    assert workspace() == tmp_path / "lab" / "workspace"


def test_the_lab_home_is_in_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("LABKIT_HOME", raising=False)
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert lab_home() == tmp_path / "labkit"


@pytest.mark.root
def test_under_sudo_it_is_the_home_of_who_asked(monkeypatch):
    monkeypatch.delenv("LABKIT_HOME", raising=False)
    monkeypatch.setenv("HOME", "/somewhere/else")
    monkeypatch.setenv("SUDO_UID", "65534")
    nobody = pwd.getpwuid(65534).pw_dir
    assert lab_home() == Path(nobody) / "labkit"
    monkeypatch.setenv("SUDO_UID", "4000123")  # nobody has this number
    assert lab_home() == Path("/somewhere/else/labkit")


def test_an_engines_socket_lies_in_its_data_root():
    root = default_data_root()
    assert default_socket(root) == root / "run" / "docker.sock"
    if os.geteuid() == 0:
        assert root == Path("/var/lib/labkit")


def test_finds_the_courses_folders_and_names_those_missing():
    assert (content_folder("exercises") / "schema.json").is_file()
    with pytest.raises(NotFoundError, match="cannot find the course's folder 'nix'"):
        content_folder("nix")


def test_bundled_images_lie_in_the_cache(monkeypatch, tmp_path):
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert bundled_images_folders() == (tmp_path / "labkit" / "images",)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert bundled_images_folders() == (tmp_path / ".cache" / "labkit" / "images",)


@pytest.mark.root
def test_bundled_images_may_be_those_of_who_said_sudo(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setenv("SUDO_UID", str(nobody.pw_uid))
    theirs = Path(nobody.pw_dir) / ".cache" / "labkit" / "images"
    assert bundled_images_folders()[1] == theirs
