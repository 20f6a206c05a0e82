"""labkit.catalogue.tree: the same tree gives the same bytes."""

import io
import tarfile

import pytest

from labkit.catalogue.tree import MTIME, Entry, Kind, Tree, matches, merged_path


def tar_of(tree: Tree) -> bytes:
    out = io.BytesIO()
    tree.write(out)
    return out.getvalue()


def members(tree: Tree) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(tar_of(tree))) as tar:
        return tar.getmembers()


def test_writes_the_same_bytes_in_any_order() -> None:
    one = Tree().file("b", b"2").file("a/c", b"1").symlink("l", "b")
    two = Tree().symlink("l", "b").file("a/c", b"1").file("b", b"2")
    assert tar_of(one) == tar_of(two)


def test_fixes_times_and_owners() -> None:
    for member in members(Tree().folder("data", 0o700, 999).file("data/f", b"x")):
        assert member.mtime == MTIME
        assert (member.uname, member.gname) == ("", "")
    found = {
        one.name: (one.uid, one.mode) for one in members(Tree().folder("d", 0o1777))
    }
    assert found == {"d": (0, 0o1777)}


def test_makes_parents_once() -> None:
    tree = Tree().folder("var", 0o700).file("var/lib/x", b"")
    assert [(one.name, one.mode) for one in members(tree)] == [
        ("var", 0o700),
        ("var/lib", 0o755),
        ("var/lib/x", 0o644),
    ]


def test_links_repeats_of_a_large_file() -> None:
    large = b"x" * 40_000
    tree = Tree().file("a", large).file("b", large).file("c", large, 0o755)
    kinds = {one.name: (one.islnk(), one.linkname) for one in members(tree)}
    assert kinds == {"a": (False, ""), "b": (True, "a"), "c": (False, "")}
    assert members(tree)[-1].name == "b"  # after what it points at


def test_reads_back_what_it_wrote() -> None:
    tree = Tree().file("a", b"1", 0o755).symlink("l", "a").folder("d", 0o700, 5)
    read = Tree.read(io.BytesIO(tar_of(tree)))
    assert list(read.items()) == list(tree.items())
    assert tar_of(read) == tar_of(tree)


def test_removes_folders_that_it_empties() -> None:
    tree = Tree().file("a/b/c", b"").file("a/d", b"").folder("e")
    tree.remove(lambda path: path.startswith("a/b/"))
    assert [path for path, _ in tree.items()] == ["a", "a/d", "e"]


def test_merges_files_over_files() -> None:
    lower = Tree().file("a", b"old").folder("d", 0o700)
    tree = lower.merge(Tree().file("a", b"new").folder("d"))
    assert tree["a"].data == b"new"
    assert tree["d"] == Entry(Kind.FOLDER, 0o700)


def test_changes_a_mode() -> None:
    assert Tree().file("a", b"").chmod("a", 0o755)["a"].mode == 0o755


@pytest.mark.parametrize(
    ("path", "merged"),
    [
        ("./lib/x", "usr/lib/x"),
        ("./bin", "usr/bin"),
        ("./usr/lib/x", "usr/lib/x"),
        ("./library", "library"),
        ("./etc/x", "etc/x"),
        ("lib64/ld.so", "usr/lib64/ld.so"),
    ],
)
def test_puts_old_folders_below_usr(path: str, merged: str) -> None:
    assert merged_path(path) == merged


def test_matches_across_slashes() -> None:
    assert matches("usr/share/doc/a/b", ["usr/share/doc/*"])
    assert not matches("usr/share/doc", ["usr/share/doc/*"])


def test_moves_a_part_elsewhere() -> None:
    tree = Tree().file("a/b/c", "1").file("a/bc", "2").folder("a/b/d", 0o700, 5)
    moved = tree.moved("a/b", "x/y")
    assert [path for path, _ in moved.items()] == ["x", "x/y", "x/y/c", "x/y/d"]
    assert moved["x/y/d"].uid == 5
    assert [path for path, _ in tree.moved("", "z").items()][:2] == ["z", "z/a"]
