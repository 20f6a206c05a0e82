"""A trial fails where it should. That they work: tests/system/kernel/test_probe.py."""

from pathlib import Path

from labkit.kernel.probe import trials
from labkit.kernel.probe.child import try_in_child
from labkit.kernel.probe.trials import Place


def test_a_missing_folder_fails_the_overlay() -> None:
    place = Place(Path("/proc/no/such/folder"), is_root=False)
    outcome = try_in_child(lambda: trials.overlay(place))
    assert not outcome.ok
    assert outcome.errno_name


def test_seccomp_needs_no_rights(tmp_path: Path) -> None:
    place = Place(tmp_path, is_root=False)
    assert try_in_child(lambda: trials.seccomp(place)).ok
