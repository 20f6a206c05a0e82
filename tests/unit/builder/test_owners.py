"""``--chown``: names are the image's, numbers need no entry."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.owners import find_owner
from labkit.snapshots.view import LayerView


@pytest.fixture
def view(tmp_path: Path) -> LayerView:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/:\napp:x:7:8::/:\nbad:x:q:1::\n")
    (tmp_path / "etc/group").write_text("staff:x:50:\n")
    return LayerView((tmp_path,))


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("app", (7, 8)),
        ("app:staff", (7, 50)),
        ("app:9", (7, 9)),
        ("12", (12, 12)),
        ("12:13", (12, 13)),
        (":staff", (0, 50)),
        ("app:", (7, 8)),
    ],
)
def test_finds_owners(view: LayerView, text: str, owner: tuple[int, int]) -> None:
    assert find_owner(text, view) == owner


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no", "no such user: no"),
        ("app:no", "no such group: no"),
        ("a:b:c", "invalid chown string format: a:b:c"),
        ("99999999999", "must be in range"),
        ("bad", "must be in range"),
    ],
)
def test_says_who_is_unknown(view: LayerView, text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        find_owner(text, view)
