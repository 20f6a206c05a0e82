"""The machine on which the tests run has what the engine needs."""

import os
from pathlib import Path

import pytest

from labkit.kernel.probe.host import probe

pytestmark = pytest.mark.root


def test_everything_works_as_root_and_nothing_is_left() -> None:
    folder = Path("/var/tmp")
    before = sorted(os.listdir(folder))
    mounts = Path("/proc/self/mountinfo").read_text()
    report = probe(folder)
    assert [finding.name for finding in report.missing("must")] == []
    assert sorted(os.listdir(folder)) == before
    assert Path("/proc/self/mountinfo").read_text() == mounts
