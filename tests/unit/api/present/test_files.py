"""Files as the API spells them."""

from labkit.api.present.files import describe_change
from labkit.snapshots.model import Change, ChangeKind


def test_kinds_are_dockers_numbers() -> None:
    found = [describe_change(Change("/a", kind))["Kind"] for kind in ChangeKind]
    assert found == [0, 1, 2]
