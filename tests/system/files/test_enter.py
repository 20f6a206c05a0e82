"""The way into a container that runs: a copy of its mounts, and no procfs."""

import subprocess
from pathlib import Path

import pytest

from labkit.files.model import Request, Verb, View
from labkit.files.visits import Visit

pytestmark = pytest.mark.root


def test_sees_what_is_mounted_in_there_and_leaves_it(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    script = (
        f"mount -t tmpfs none {tmp_path}/m && echo hi >{tmp_path}/m/f && echo && cat"
    )
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        request = Request(Verb.STATUS, View(process=process.pid), f"{tmp_path}/m/f")
        with Visit(request) as visit:
            assert visit.status.size == 3
        mounts = Path(f"/proc/{process.pid}/mountinfo").read_text()
        assert " - proc " in mounts  # only the visitor's copy lost it
        process.stdin.close()
    assert not (tmp_path / "m/f").exists()
