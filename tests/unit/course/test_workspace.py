from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.course.workspace import (
    copy_notebook,
    ensure_step_folder,
    remove_step_folder,
)


def test_copies_once_and_never_over_the_learners_work(tmp_path: Path) -> None:
    source = tmp_path / "notebooks"
    source.mkdir()
    (source / "chapter05.ipynb").write_text("one")
    copy = copy_notebook("chapter05", source, tmp_path / "home" / "workspace")
    assert copy.read_text() == "one"
    copy.write_text("mine")
    (source / "chapter05.ipynb").write_text("two")
    assert copy_notebook("chapter05", source, copy.parent).read_text() == "mine"
    with pytest.raises(NotFoundError, match="did you mean chapter05"):
        copy_notebook("chapter5", source, copy.parent)


def test_steps_have_a_folder_that_reset_takes_away(tmp_path: Path) -> None:
    folder = ensure_step_folder("chapter99", tmp_path / "workspace")
    (folder / "file.txt").write_text("made by a step")
    assert ensure_step_folder("chapter99", tmp_path / "workspace") == folder
    assert (folder / "file.txt").exists()
    assert remove_step_folder("chapter99", tmp_path / "workspace")
    assert not folder.exists()
    assert not remove_step_folder("chapter99", tmp_path / "workspace")
