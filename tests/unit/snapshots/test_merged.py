"""What a stack of layers shows."""

from pathlib import Path

import pytest

from labkit.snapshots.merged import list_names, look_up
from tests.unit.snapshots.stacks import make_layer


@pytest.fixture
def stack(tmp_path: Path) -> tuple[Path, ...]:
    """Top first."""
    return (
        make_layer(tmp_path / "top", "etc/hosts", "etc/-gone", "new/!", "new/x"),
        make_layer(tmp_path / "middle", "etc/gone", "etc/hosts", "opaque/!", "file"),
        make_layer(
            tmp_path / "bottom",
            "etc/gone",
            "etc/passwd",
            "new/old",
            "opaque/old/deep",
            "file/inside",
        ),
    )


def test_the_topmost_entry_shows(stack: tuple[Path, ...]) -> None:
    assert look_up(stack, "etc/hosts") == stack[0] / "etc/hosts"
    assert look_up(stack, "etc/passwd") == stack[2] / "etc/passwd"
    assert look_up(stack, "etc") == stack[0] / "etc"


@pytest.mark.parametrize(
    "name",
    ["etc/gone", "new/old", "opaque/old", "opaque/old/deep", "file/inside", "never"],
)
def test_what_is_hidden_does_not_show(stack: tuple[Path, ...], name: str) -> None:
    assert look_up(stack, name) is None


def test_folders_are_merged(stack: tuple[Path, ...]) -> None:
    assert list_names(stack, "etc") == {"hosts", "passwd"}
    assert list_names(stack, "new") == {"x"}
    assert list_names(stack, "opaque") == set()
    assert list_names(stack, "file") == set()
    assert list_names(stack, "") == {"etc", "new", "opaque", "file"}
