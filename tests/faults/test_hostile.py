"""Programs that want out, and images that want our interpreter."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, Engine, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow]

HOSTILE = Path(__file__).with_name("hostile.py")
PYTHON = Path("/usr/bin/python3")
SCRIPT = """
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  for exe in /proc/[0-9]*/exe; do
    case $(readlink $exe) in *python*)
      echo seen
      (echo '#!/bin/sh' > $exe) 2>/dev/null && echo WRITTEN
      (exec 3<> $exe) 2>/dev/null && echo WRITTEN
    esac
  done
done
"""


def _attempts(engine: Engine) -> dict[str, str]:
    """Run all attempts in a default container that has the machine's Python."""
    disk = os.stat("/").st_dev
    numbers = (str(os.getpid()), str(os.major(disk)), str(os.minor(disk)))
    folders = ("/usr", "/lib", "/lib64", str(HOSTILE.parent))
    binds = [
        part for f in folders if Path(f).exists() for part in ("-v", f"{f}:{f}:ro")
    ]
    line = f"touch /etc/lk-inside; exec {PYTHON} {HOSTILE} {' '.join(numbers)}"
    done = engine.docker("run", "--rm", *binds, TEST_IMAGE, "sh", "-c", line)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not PYTHON.exists(), reason="needs the distribution's Python")
def test_nothing_that_a_program_tries_gets_it_out(lab_engine: OurEngine) -> None:
    found = _attempts(lab_engine)
    assert [name for name, end in found.items() if end == "done"] == []
    assert len(found) > 40


@pytest.mark.dockerd
@pytest.mark.skipif(not PYTHON.exists(), reason="needs the distribution's Python")
def test_a_dockerd_refuses_the_same(
    lab_engine: OurEngine, real_dockerd: Engine
) -> None:
    """Ours may be stricter by name only where a newer Docker is, too."""
    ours, theirs = _attempts(lab_engine), _attempts(real_dockerd)
    differ = {name for name in ours if ours[name] != theirs[name]}
    assert {name: (ours[name], theirs[name]) for name in differ} == {
        name: (ours[name], theirs[name]) for name in differ & NEWER
    }


NEWER = {
    "io_uring",  # refused since 25
    "userfaultfd",  # refused since 24
    "read its memory",  # the filter allows it since 22: no such process
}


def test_the_interpreter_is_never_written(lab_engine: OurEngine) -> None:
    """CVE-2019-5736: whoever enters a container is there to be opened for writing."""
    interpreter = Path(os.path.realpath(shutil.which("python3") or "/usr/bin/python3"))
    before = [(p, p.stat().st_size, p.stat().st_mtime_ns) for p in _ours(interpreter)]
    made = lab_engine.docker("run", "-d", TEST_IMAGE, "sh", "-c", SCRIPT).stdout.strip()
    try:
        for _ in range(8):
            lab_engine.docker("exec", made, "true")
        lab_engine.docker("exec", made, "/proc/self/exe", "-c", "print('in')")
        lab_engine.docker("wait", made)
        assert "WRITTEN" not in lab_engine.docker("logs", made).stdout
    finally:
        lab_engine.docker("rm", "-f", made)
    for program in ("/proc/self/exe", "/proc/1/exe", "/proc/thread-self/exe"):
        done = lab_engine.docker("run", "--rm", TEST_IMAGE, program, "-c", "1")
        assert done.returncode != 0, done.stdout
    assert before == [(p, p.stat().st_size, p.stat().st_mtime_ns) for p, _, _ in before]
    assert subprocess.run([interpreter, "-c", ""], check=False).returncode == 0


def _ours(interpreter: Path) -> list[Path]:
    return [interpreter, Path(os.path.realpath("/proc/self/exe"))]


def test_a_link_that_changes_during_a_copy_leads_nowhere(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    """Swap a folder for a link to the machine's while files are copied through it."""
    target = tmp_path / "outside"
    target.mkdir()
    swap = f"""
    mkdir -p /safe{tmp_path} /safe{target}; ln -s / /out
    while :; do ln -sfn /safe /way; ln -sfn /out /way; done
    """
    made = lab_engine.docker("run", "-d", TEST_IMAGE, "sh", "-c", swap).stdout.strip()
    source = tmp_path / "mine"
    source.write_text("copied")
    try:
        for _ in range(6):
            place = f"{made}:/way{target}/lk-escaped"
            lab_engine.docker("cp", str(source), place)
            into = tmp_path / "got"
            lab_engine.docker("cp", f"{made}:/way{source}", str(into))
            assert not (target / "lk-escaped").exists()
            assert not into.exists()
    finally:
        lab_engine.docker("rm", "-f", made)
