"""No outside request once the images are built: a machine without any way out.

Engine and learner live in a network namespace that has its loopback and nothing else.
Whoever asked somebody outside would be refused by the kernel at once (no route), and
the exercise would fail. The steps run there in ``test_notebook``.
"""

import subprocess
from pathlib import Path

import pytest

from tests.course.learner import try_labkit
from tests.engines import OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(240)]


def test_the_exercises_need_nobody_outside(
    island: tuple[str, ...], lonely_lab: OurEngine, tmp_path: Path
) -> None:
    def labkit(*arguments: str, expected: int = 0) -> None:
        done = try_labkit(
            *arguments, host=lonely_lab.host, home=tmp_path, before=island
        )
        assert done.returncode == expected, done.stdout + done.stderr

    labkit("check", "chapter05", expected=1)
    labkit("solve", "chapter05")
    labkit("check", "chapter05")
    labkit("reset", "chapter05")
    assert routes(island) == []


def routes(island: tuple[str, ...]) -> list[str]:
    """Return the default routes: without one nobody outside can be reached."""
    command = [*island, "ip", "-o", "route", "show", "default"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
