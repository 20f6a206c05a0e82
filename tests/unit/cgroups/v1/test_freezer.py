"""The freezer part of cgroup v1, on a made-up group."""

from labkit.cgroups.v1 import freezer
from tests.unit.cgroups.folders import v1_folder


def test_freezes_and_thaws() -> None:
    folder, tree = v1_folder("freezer")
    freezer.freeze(folder)
    assert freezer.is_frozen(folder)
    freezer.thaw(folder)
    assert not freezer.is_frozen(folder)
    assert tree.writes == [(freezer.STATE, "FROZEN"), (freezer.STATE, "THAWED")]


def test_freezing_half_way_counts_as_frozen() -> None:
    folder, _ = v1_folder("freezer")
    folder.write(freezer.STATE, "FREEZING\n")
    assert freezer.is_frozen(folder)
