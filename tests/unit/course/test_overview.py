"""The notebook that leads to all others."""

from pathlib import Path

import nbformat

from labkit.course.overview import write_overview
from tests.unit.course.build import make_chapter


def test_leads_to_every_chapter_and_is_the_same_each_time(tmp_path: Path) -> None:
    path = write_overview([make_chapter("# Hi\n")], tmp_path / "workspace")
    text = path.read_text()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert "5. [Testing](chapter05.ipynb): Nothing but tests" in text
    assert "%progress" in text
    write_overview([make_chapter("# Hi\n")], tmp_path / "workspace")
    assert path.read_text() == text
