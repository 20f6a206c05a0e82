"""The notebooks, executed from the first cell to the last; then the steps once more."""

import os
from pathlib import Path
from typing import Any

import nbclient
import pytest

from labkit.base.home import content_folder
from labkit.course.notebook import read_notebook
from tests.course.conftest import CHAPTERS, LAB, THOROUGH
from tests.course.test_run import run_chapter, wrong

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    # The kernel talks over loopback; jupyter_client warns of that, tests need no more.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize("docker_host", [LAB], indirect=True)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_step_passes_and_every_exercise_can_be_checked(
    docker_host: str, learner: Path, chapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    monkeypatch.setenv("LABKIT_HOME", str(learner))
    monkeypatch.setenv("PYTHONPATH", os.fspath(Path.cwd()))
    for cell in execute(chapter, learner).cells:
        shown = " ".join(_texts(cell))
        if cell.source.startswith("%%step"):
            assert "✔ ok" in shown or "– skipped" in shown, cell.source
        if cell.source.startswith("%exercise"):
            assert "VBox(children=(HBox(children=(Button(" in shown
    if not THOROUGH and chapter != "chapter05":
        return
    again = run_chapter(chapter, docker_host, learner)
    assert {step["status"] for step in again} <= {"ok", "skipped"}, wrong(again)


def execute(chapter: str, home: Path) -> Any:
    """Return a chapter's notebook with its outputs."""
    notebook = read_notebook(content_folder("notebooks") / f"{chapter}.ipynb")
    client = nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=str(home))
    return notebook


def _texts(cell: Any) -> list[str]:
    return [
        str(output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", ())
    ]
