"""The freezer part of cgroup v2, on a made-up group."""

from labkit.cgroups.v2 import freezer
from tests.unit.cgroups.folders import v2_folder


def test_the_order_and_the_answer_are_two_files() -> None:
    folder, tree = v2_folder()
    freezer.freeze(folder)
    assert freezer.is_frozen(folder)
    freezer.thaw(folder)
    assert not freezer.is_frozen(folder)
    assert tree.writes == [(freezer.FREEZE, "1"), (freezer.FREEZE, "0")]
