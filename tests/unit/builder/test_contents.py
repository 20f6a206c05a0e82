"""The digest of copied files: it tells apart what ends up different, and only that."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.base.errors import InternalError, InvalidInputError
from labkit.builder.contents import digest_contents


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "app").mkdir(parents=True)
    (root / "app/main.py").write_text("print()")
    (root / "link").symlink_to("app")
    return root


def _rename(root: Path) -> None:
    (root / "app/main.py").rename(root / "app/other.py")


def _chmod(root: Path) -> None:
    (root / "app/main.py").chmod(0o755)


def _chmod_folder(root: Path) -> None:
    (root / "app").chmod(0o700)


def _retarget(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to("app/")


def _set_xattr(root: Path) -> None:
    os.setxattr(root / "app/main.py", "user.note", b"x")


def _grow(root: Path) -> None:
    (root / "app/main.py").write_text("print( )")


def _add_folder(root: Path) -> None:
    (root / "empty").mkdir()


def _replace_link_by_folder(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").mkdir()


@pytest.mark.parametrize(
    "change",
    [
        _rename,
        _chmod,
        _chmod_folder,
        _retarget,
        _set_xattr,
        _grow,
        _add_folder,
        _replace_link_by_folder,
    ],
)
def test_changes_with_what_ends_up_different(
    tree: Path, change: Callable[[Path], None]
) -> None:
    before = digest_contents(tree)
    change(tree)
    assert digest_contents(tree) != before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("name", ["app/main.py", "app", "link"])
def test_changes_with_the_owner(tree: Path, name: str) -> None:
    before = digest_contents(tree)
    os.chown(tree / name, 1000, 0, follow_symlinks=False)
    by_user = digest_contents(tree)
    os.chown(tree / name, 0, 1000, follow_symlinks=False)
    assert len({before, by_user, digest_contents(tree)}) == 3


def test_stays_when_only_times_change(tree: Path) -> None:
    before = digest_contents(tree)
    os.utime(tree / "app/main.py", (1, 1))
    os.utime(tree / "app", (1, 1))
    os.utime(tree / "link", (1, 1), follow_symlinks=False)
    assert digest_contents(tree) == before


def test_leaves_out_sockets_and_pipes(tree: Path) -> None:
    before = digest_contents(tree)
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tree / "socket"))
    assert digest_contents(tree) == before


def test_looks_at_nothing_but_the_names_asked_for(tree: Path) -> None:
    before = digest_contents(tree, ["app/main.py"])
    (tree / "app/other.py").touch()
    assert digest_contents(tree, ["app/main.py"]) == before


def test_names_come_in_any_order(tree: Path) -> None:
    assert digest_contents(tree, ["app", "link"]) == digest_contents(
        tree, ["link", "app"]
    )


def test_reads_nothing_outside_through_a_link(tree: Path) -> None:
    outside = tree.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_text("x")
    (tree / "out").symlink_to(outside)
    before = digest_contents(tree)
    (outside / "secret").write_text("y")
    assert digest_contents(tree) == before
    with pytest.raises(InternalError, match="no such file"):
        digest_contents(tree, ["out/secret"])


def test_refuses_a_name_that_leads_out(tree: Path) -> None:
    with pytest.raises(InvalidInputError, match="leads out"):
        digest_contents(tree, ["../outside"])


def test_names_what_is_not_there(tree: Path) -> None:
    with pytest.raises(InternalError, match="cannot read 'gone'"):
        digest_contents(tree, ["gone"])


Files = dict[str, bytes]


@settings(max_examples=15)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.binary(max_size=4)),
        min_size=2,
        max_size=2,
    )
)
def test_is_equal_for_equal_trees_alone(
    tmp_path_factory: pytest.TempPathFactory, trees: list[Files]
) -> None:
    digests = []
    for files in trees:
        root = tmp_path_factory.mktemp("tree")
        for name, data in files.items():
            (root / name).write_bytes(data)
        digests.append(digest_contents(root))
    assert (digests[0] == digests[1]) == (trees[0] == trees[1])
