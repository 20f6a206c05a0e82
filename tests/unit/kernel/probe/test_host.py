"""What is tried, and that nothing is left of it."""

import os
from pathlib import Path

from labkit.kernel.probe.host import existing_folder, probe


def test_an_ordinary_users_probe_leaves_nothing(tmp_path: Path) -> None:
    report = probe(tmp_path, as_root=False)
    assert os.listdir(tmp_path) == []
    # Of this folder only: others may mount and unmount at the same time.
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()
    names = [finding.name for finding in report.findings]
    assert names[0] == "user-namespace"
    assert "device-nodes" not in names  # bind mounts serve there


def test_what_fails_says_what_it_means_and_what_to_do(tmp_path: Path) -> None:
    for finding in probe(tmp_path, as_root=False).findings:
        assert finding.ok or (finding.consequence and finding.remedy)
        assert finding.ok or finding.outcome.reason
        assert not finding.ok or not finding.remedy


def test_finds_the_folder_above(tmp_path: Path) -> None:
    assert existing_folder(tmp_path / "not/yet/there") == tmp_path
    assert existing_folder(tmp_path) == tmp_path
