"""No outside request once the images are built: a machine without any way out.

Engine and learner live in a network namespace that has its loopback and nothing else.
Whoever asked somebody outside would be refused by the kernel at once (no route), and
the step or the exercise would fail.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.course.learner import try_labkit
from tests.engines import OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(240)]

_READY = "echo ready; exec cat"


@pytest.fixture
def island() -> Iterator[tuple[str, ...]]:
    """Give a command's beginning that moves it to a network without a way out."""
    up = f"ip link set lo up && {_READY}"
    command = ["unshare", "--net", "sh", "-c", up]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n"
        yield ("nsenter", f"--net=/proc/{holder.pid}/ns/net", "--")
        holder.stdin.close()  # `cat` ends, and with it the namespace


def test_the_chapter_needs_nobody_outside(
    island: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "e").mkdir()
    engine = OurEngine(tmp_path / "e")

    def labkit(*arguments: str, expected: int = 0) -> str:
        done = try_labkit(*arguments, host=engine.host, home=tmp_path, before=island)
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout

    place = ("--data-root", str(engine.data_root), "--socket", str(engine.socket))
    labkit("engine", "start", *place)
    try:
        labkit("images", "build")
        steps = json.loads(labkit("run", "chapter05", "--json"))["steps"]
        assert {step["status"] for step in steps} == {"ok"}
        labkit("check", "chapter05", expected=1)
        labkit("solve", "chapter05")
        labkit("check", "chapter05")
        labkit("reset", "chapter05")
        assert routes(island) == []
    finally:
        labkit("engine", "stop", *place)
        labkit("engine", "reset", "--yes", *place)


def routes(island: tuple[str, ...]) -> list[str]:
    """Return the default routes: without one nobody outside can be reached."""
    command = [*island, "ip", "-o", "route", "show", "default"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
