"""Files as the API spells them."""

import base64
import json
import stat

import pytest

from labkit.api.present.files import describe_change, encode_status, go_mode
from labkit.files.model import FileStatus
from labkit.snapshots.model import Change, ChangeKind


def test_kinds_are_dockers_numbers() -> None:
    found = [describe_change(Change("/a", kind))["Kind"] for kind in ChangeKind]
    assert found == [0, 1, 2]


@pytest.mark.parametrize(
    ("mode", "go"),
    [
        (stat.S_IFREG | 0o644, 0o644),
        (stat.S_IFDIR | 0o755, 2147484141),
        (stat.S_IFLNK | 0o777, 134218239),
        (stat.S_IFREG | stat.S_ISUID | 0o755, 1 << 23 | 0o755),
        (stat.S_IFDIR | stat.S_ISVTX | 0o777, 1 << 31 | 1 << 20 | 0o777),
        (stat.S_IFCHR | 0o666, 1 << 26 | 1 << 21 | 0o666),
    ],
)
def test_modes_are_gos(mode: int, go: int) -> None:
    assert go_mode(mode) == go


def test_a_status_is_json_in_base64() -> None:
    status = FileStatus("lnk", 1, stat.S_IFLNK | 0o777, 1_000_000_000, "/d/f")
    assert json.loads(base64.b64decode(encode_status(status))) == {
        "name": "lnk",
        "size": 1,
        "mode": 134218239,
        "mtime": "1970-01-01T00:00:01Z",
        "linkTarget": "/d/f",
    }
