"""A machine is tried once a boot, and refused in one sentence."""

from pathlib import Path

import pytest

from labkit.base.errors import UnsupportedError
from labkit.daemon.trial import refuse_failed, require_machine
from labkit.kernel.probe.child import Outcome
from labkit.kernel.probe.model import Finding, Report

FAILED = Outcome(False, "EPERM", "unshare(CLONE_NEWNS): operation not permitted")


def test_a_failed_trial_is_named_with_its_remedy() -> None:
    finding = Finding("overlay", "mount an overlay", "must", FAILED, "none", "use ext4")
    with pytest.raises(UnsupportedError, match=r"mount an overlay: unshare.*use ext4"):
        refuse_failed(Report((finding,)))


def test_what_only_should_work_refuses_nobody() -> None:
    refuse_failed(Report((Finding("nat", "masquerade", "should", FAILED),)))


def test_a_machine_that_passed_is_not_tried_again(tmp_path: Path) -> None:
    """A folder that is not there can't be tried in, so this would fail if it were."""
    noted = tmp_path / "machine"
    noted.write_bytes(Path("/proc/sys/kernel/random/boot_id").read_bytes())
    require_machine(tmp_path / "absent", noted)


def test_another_boot_means_another_trial(tmp_path: Path) -> None:
    noted = tmp_path / "machine"
    noted.write_text("0000-another-boot\n")
    with pytest.raises(FileNotFoundError):
        require_machine(tmp_path / "absent", noted)
