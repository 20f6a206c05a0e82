"""Values of the snapshots."""

from labkit.snapshots.model import ChangeKind, Limits


def test_kinds_are_dockers_letters() -> None:
    assert [kind.value for kind in ChangeKind] == ["C", "A", "D"]


def test_limits_fit_the_kernels() -> None:
    assert (Limits().path_bytes, Limits().name_bytes) == (4095, 255)
