"""From findings to a mode."""

import os
from pathlib import Path

import pytest

from labkit.daemon.checkup import decide, examine
from labkit.kernel.probe.child import Outcome
from labkit.kernel.probe.model import Finding, Report

GOOD, BAD = Outcome(True), Outcome(False, "EPERM", "no")


def finding(name: str, need: str, outcome: Outcome) -> Finding:
    return Finding(name, "try it", need, outcome, "no containers", "get a machine")


@pytest.mark.parametrize(
    ("outcomes", "is_root", "mode"),
    [
        ((GOOD, GOOD, BAD, BAD), True, "full"),
        ((GOOD, BAD, BAD, BAD), True, "degraded"),
        ((BAD, GOOD, BAD, BAD), True, "none"),
        ((BAD, BAD, GOOD, BAD), True, "docker-host"),
        ((GOOD, BAD, BAD, GOOD), False, "rootless"),
        ((GOOD, GOOD, BAD, BAD), False, "rootless-single"),
        ((BAD, GOOD, BAD, GOOD), False, "none"),
    ],
)
def test_the_mode_follows(
    outcomes: tuple[Outcome, ...], is_root: bool, mode: str
) -> None:
    names = ("overlay", "nat", "docker-host", "user-ids")
    needs = ("must", "should", "info", "info")
    findings = map(finding, names, needs, outcomes)
    assert decide(Report(tuple(findings)), is_root)[0] == mode


def test_no_way_says_what_to_do() -> None:
    mode, advice = decide(Report((finding("overlay", "must", BAD),)), True)
    assert (mode, advice) == ("none", "no containers: get a machine")


def test_examines_this_machine(tmp_path: Path) -> None:
    result = examine(tmp_path)
    names = [found.name for found in result.findings]
    assert len(set(names)) == len(names)
    assert {"overlay", "cgroups", "disk", "subnet", "docker-host"} <= set(names)
    assert ("root" in names) == (os.geteuid() != 0)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_ours_is_said(tmp_path: Path) -> None:
    result = examine(Path("/proc/no/such"))
    assert result.mode in ("none", "docker-host")
    folder = next(f for f in result.findings if f.name == "data-folder")
    assert not folder.ok
