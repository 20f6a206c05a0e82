"""docker diff."""

import os
import shutil
from pathlib import Path

import pytest

from labkit.snapshots.changes import tree_changes, upper_changes
from tests.unit.snapshots.stacks import make_layer


def _upper(tmp_path: Path, *entries: str) -> list[str]:
    lower = make_layer(
        tmp_path / "lower", "etc/hosts", "etc/deep/a", "etc/deep/b", "bin/sh"
    )
    upper = make_layer(tmp_path / "upper", *entries)
    return [f"{c.kind.value} {c.path}" for c in upper_changes((lower,), upper)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), []),
        (("new",), ["A /new"]),
        (("etc/hosts",), ["C /etc", "C /etc/hosts"]),
        (("etc/-hosts",), ["C /etc", "D /etc/hosts"]),
        (("-etc",), ["D /etc"]),
        (("new/a",), ["A /new", "A /new/a"]),
        (
            ("etc/deep/!", "etc/deep/a"),
            ["C /etc", "C /etc/deep", "C /etc/deep/a", "D /etc/deep/b"],
        ),
        (
            ("etc/!", "etc/deep/x"),
            [
                "C /etc",
                "C /etc/deep",
                "D /etc/deep/a",
                "D /etc/deep/b",
                "A /etc/deep/x",
                "D /etc/hosts",
            ],
        ),
    ],
)
def test_an_upper_says_what_changed(
    tmp_path: Path, entries: tuple[str, ...], expected: list[str]
) -> None:
    assert _upper(tmp_path, *entries) == expected


def test_a_folder_that_was_only_copied_up_is_no_change(tmp_path: Path) -> None:
    lower = make_layer(tmp_path / "lower", "etc/hosts")
    upper = make_layer(tmp_path / "upper", "etc/")
    shutil.copystat(lower / "etc", upper / "etc")
    assert list(upper_changes((lower,), upper)) == []
    (upper / "etc").chmod(0o700)
    assert [c.path for c in upper_changes((lower,), upper)] == ["/etc"]


def test_two_trees_are_compared(tmp_path: Path) -> None:
    old = make_layer(tmp_path / "old", "a", "d/gone", "d/kept", "f", "was/x")
    new = tmp_path / "new"
    shutil.copytree(old, new)
    for folder, _, files in os.walk(old):
        for name in files:
            path = Path(folder, name)
            shutil.copystat(path, new / path.relative_to(old))
    for name in ("d", "was"):
        shutil.copystat(old / name, new / name)
    assert list(tree_changes((old,), new)) == []
    (new / "a").write_text("longer than before")
    (new / "d/gone").unlink()
    shutil.copystat(old / "d", new / "d")
    (new / "f").unlink()
    (new / "f").mkdir()
    (new / "f/in").touch()
    shutil.rmtree(new / "was")
    (new / "new").touch()
    assert [f"{c.kind.value} {c.path}" for c in tree_changes((old,), new)] == [
        "C /a",
        "C /d",
        "D /d/gone",
        "C /f",
        "A /f/in",
        "A /new",
        "D /was",
    ]
