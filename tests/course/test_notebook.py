"""The notebook of chapter 5, executed from its first cell to its last."""

import os
from pathlib import Path
from typing import Any

import nbclient
import pytest

from labkit.base.home import content_folder
from labkit.course.notebook import read_notebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    # The kernel talks over loopback; jupyter_client warns of that, tests need no more.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def executed(docker_host: str, learner: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the notebook with its outputs."""
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    monkeypatch.setenv("LABKIT_HOME", str(learner))
    monkeypatch.setenv("PYTHONPATH", os.fspath(Path.cwd()))
    notebook = read_notebook(content_folder("notebooks") / "chapter05.ipynb")
    client = nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=str(learner))
    return notebook


def test_every_step_passes_and_every_exercise_can_be_checked(executed: Any) -> None:
    for cell in executed.cells:
        shown = " ".join(_texts(cell))
        if cell.source.startswith("%%step"):
            assert "✔ ok" in shown or "– skipped" in shown, cell.source
        if cell.source.startswith("%exercise"):
            assert "VBox(children=(HBox(children=(Button(" in shown


def _texts(cell: Any) -> list[str]:
    return [
        str(output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", ())
    ]
