"""labkit.catalogue.trees: from folders to trees and back."""

from pathlib import Path

from labkit.catalogue.tree import Entry, Kind, Tree
from labkit.catalogue.trees import read_folder, write_folder


def test_takes_plain_files_and_their_exec_bit(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "run").write_bytes(b"#!")
    (tmp_path / "bin" / "run").chmod(0o700)
    (tmp_path / "notes.md").write_bytes(b"")
    (tmp_path / "data").write_bytes(b"d")
    (tmp_path / "link").symlink_to("data")
    tree = read_folder(tmp_path, "opt/app", lambda path: path.endswith(".md"))
    files = {path: entry for path, entry in tree.items() if entry.kind is Kind.FILE}
    assert {path: entry.mode for path, entry in files.items()} == {
        "opt/app/bin/run": 0o755,
        "opt/app/data": 0o644,
    }


def test_writes_trees_over_one_another(tmp_path: Path) -> None:
    lower = Tree().file("a/old", b"1").file("a/kept", b"2", 0o755).symlink("l", "a")
    upper = (
        Tree()
        .file("a/old", b"new")
        .add("a/same", Entry(Kind.HARDLINK, 0o644, target="a/old"))
    )
    write_folder([lower, upper], tmp_path)
    assert (tmp_path / "l" / "old").read_bytes() == b"new"
    assert (tmp_path / "a" / "same").samefile(tmp_path / "a" / "old")
    assert (tmp_path / "a" / "kept").stat().st_mode & 0o777 == 0o755
