from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.course.workspace import (
    copy_notebook,
    ensure_step_folder,
    remove_step_folder,
)


def give(source: Path, text: str) -> None:
    source.mkdir(exist_ok=True)
    (source / "chapter05.ipynb").write_text(text)


def test_an_untouched_copy_follows_the_course(tmp_path: Path) -> None:
    source, workspace = tmp_path / "notebooks", tmp_path / "home" / "workspace"
    give(source, "one")
    copy = copy_notebook("chapter05", source, workspace)
    assert (copy.path.read_text(), copy.newer) == ("one", None)
    give(source, "two")
    copy = copy_notebook("chapter05", source, workspace)
    assert (copy.path.read_text(), copy.newer) == ("two", None)


def test_a_learners_work_stays_and_the_newer_one_is_offered_once(
    tmp_path: Path,
) -> None:
    source, workspace = tmp_path / "notebooks", tmp_path / "workspace"
    give(source, "one")
    path = copy_notebook("chapter05", source, workspace).path
    path.write_text("mine")
    assert copy_notebook("chapter05", source, workspace).newer is None
    give(source, "two")
    newer = copy_notebook("chapter05", source, workspace).newer
    assert newer == workspace / "chapter05-new.ipynb"
    assert newer.read_text() == "two"
    assert path.read_text() == "mine"
    assert copy_notebook("chapter05", source, workspace).newer is None


def test_work_in_a_newer_one_stays_when_there_is_a_newer_one_still(
    tmp_path: Path,
) -> None:
    source, workspace = tmp_path / "notebooks", tmp_path / "workspace"
    give(source, "one")
    copy_notebook("chapter05", source, workspace).path.write_text("mine")
    newer = []
    for text in ("two", "three", "four"):
        give(source, text)
        offered = copy_notebook("chapter05", source, workspace).newer
        assert offered is not None
        newer.append(offered.name)
        if text == "two":
            offered.write_text("mine, too")
    assert newer == ["chapter05-new.ipynb", *["chapter05-new-2.ipynb"] * 2]
    assert (workspace / "chapter05-new.ipynb").read_text() == "mine, too"
    assert (workspace / "chapter05-new-2.ipynb").read_text() == "four"


def test_a_copy_of_unknown_origin_is_the_learners(tmp_path: Path) -> None:
    source = tmp_path / "notebooks"
    give(source, "two")
    (tmp_path / "chapter05.ipynb").write_text("of an older labkit")
    assert copy_notebook("chapter05", source, tmp_path).newer is not None
    assert (tmp_path / "chapter05.ipynb").read_text() == "of an older labkit"


def test_an_unknown_notebook_is_refused(tmp_path: Path) -> None:
    give(tmp_path / "notebooks", "one")
    with pytest.raises(NotFoundError, match="did you mean chapter05"):
        copy_notebook("chapter5", tmp_path / "notebooks", tmp_path)


def test_steps_have_a_folder_that_reset_takes_away(tmp_path: Path) -> None:
    folder = ensure_step_folder("chapter99", tmp_path / "workspace")
    (folder / "file.txt").write_text("made by a step")
    assert ensure_step_folder("chapter99", tmp_path / "workspace") == folder
    assert (folder / "file.txt").exists()
    assert remove_step_folder("chapter99", tmp_path / "workspace")
    assert not folder.exists()
    assert not remove_step_folder("chapter99", tmp_path / "workspace")


def test_what_a_link_leads_to_is_not_the_courses(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file.txt").write_text("precious")
    steps = tmp_path / "chapter99" / "steps"
    steps.parent.mkdir()
    for target in ("mine", "nowhere"):
        steps.symlink_to(tmp_path / target)
        assert remove_step_folder("chapter99", tmp_path)
        assert not steps.is_symlink()
    assert (tmp_path / "mine" / "file.txt").read_text() == "precious"
