import os
import pwd
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.base.home import (
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
