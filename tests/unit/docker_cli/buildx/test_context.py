"""A folder on its way to the engine."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.context import pack, read_rules
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.dockerfile.ignore import IgnoreRules, read_ignore_file


def packed(folder: Path, ignore: str = "") -> dict[str, tarfile.TarInfo]:
    data = b"".join(pack(folder, read_ignore_file(ignore)))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {info.name: info for info in tar.getmembers()}


def test_packs_files_as_roots(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_text("hello")
    (tmp_path / "a/b").chmod(0o640)
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    found = packed(tmp_path)
    assert list(found) == ["a", "a/b", "link"]
    assert (found["a/b"].mode, found["a/b"].uid, found["a/b"].size) == (0o640, 0, 5)
    assert found["link"].linkname == "/etc/passwd"


def test_leaves_out_what_is_ignored(tmp_path: Path) -> None:
    for name in ("node_modules/x", "keep/a", "b.log", "important.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert list(packed(tmp_path, "node_modules\n*.log\n!important.log")) == [
        *("important.log", "keep", "keep/a"),
    ]
    assert list(packed(tmp_path, "*\n!keep/a")) == ["keep/a"]


def test_the_dockerfiles_own_ignore_file_wins(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("a")
    (tmp_path / "X.dockerignore").write_text("b")
    assert read_rules(tmp_path, tmp_path / "X").excludes("b")
    assert read_rules(tmp_path, tmp_path / "Y").excludes("a")
    assert read_rules(tmp_path / "nosuch", None) == IgnoreRules()


def test_refuses_what_is_no_folder_or_no_pattern(tmp_path: Path) -> None:
    with pytest.raises(BuildxError, match=r'path ".*nosuch" not found'):
        list(pack(tmp_path / "nosuch", IgnoreRules()))
    (tmp_path / ".dockerignore").write_text("[a")
    with pytest.raises(BuildxError, match=r"dockerignore: syntax error in pattern"):
        read_rules(tmp_path, None)
