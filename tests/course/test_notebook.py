"""The notebooks, executed from the first cell to the last; then the steps once more.

All of it on the island: a step that asked somebody outside would fail. How long they
take together is measured by ``tests/bench/lab.py``, where nothing else runs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.course.conftest import CHAPTERS, THOROUGH
from tests.course.learner import learner_environment, run_labkit
from tests.course.test_run import run_chapter, wrong
from tests.engines import OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def home(lonely_lab: OurEngine, tmp_path: Path) -> Iterator[Path]:
    """Give a learner's empty folder; afterwards nothing of the course is left."""
    yield tmp_path
    run_labkit("reset", host=lonely_lab.host, home=tmp_path)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_step_passes_and_every_exercise_can_be_checked(
    lonely_lab: OurEngine,
    island: tuple[str, ...],
    home: Path,
    chapter: str,
) -> None:
    notebook = execute(chapter, lonely_lab.host, home, island)
    for cell in notebook["cells"]:
        source, shown = "".join(cell["source"]), " ".join(_texts(cell))
        if source.startswith("%%step"):
            assert "✔ ok" in shown or "– skipped" in shown, source
        if source.startswith("%exercise"):
            assert "VBox(children=(HBox(children=(Button(" in shown
    if not THOROUGH and chapter != "chapter05":
        return
    again = run_chapter(chapter, lonely_lab.host, home, island)
    assert {step["status"] for step in again} <= {"ok", "skipped"}, wrong(again)


def execute(chapter: str, host: str, home: Path, island: tuple[str, ...]) -> Any:
    """Return a chapter's notebook with its outputs."""
    done = subprocess.run(
        [*island, sys.executable, "-m", "tests.course.executing", chapter, home],
        env={**learner_environment(host, home), "PYTHONPATH": os.fspath(Path.cwd())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _texts(cell: Any) -> list[str]:
    return [
        "".join(output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", ())
    ]
