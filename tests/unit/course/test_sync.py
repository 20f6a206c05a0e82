from pathlib import Path

from labkit.base.home import content_folder
from labkit.course.load import book_folder, load_book
from labkit.course.sync import find_drift, sync
from labkit.course.titles import exercise_titles
from tests.unit.course.build import make_chapter

CHAPTERS = (make_chapter("text\n"),)


def test_committed_notebooks_are_what_the_book_says() -> None:
    drifts = find_drift(
        load_book(book_folder()), exercise_titles(), content_folder("notebooks")
    )
    assert [(drift.path.name, drift.reason) for drift in drifts] == []


def test_finds_and_mends_each_kind_of_drift(tmp_path: Path) -> None:
    (tmp_path / "chapter09.ipynb").write_text("{}")
    reasons = [drift.reason for drift in find_drift(CHAPTERS, {}, tmp_path)]
    assert reasons == ["is missing", "has no chapter"]
    sync(find_drift(CHAPTERS, {}, tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["chapter05.ipynb"]
    assert list(find_drift(CHAPTERS, {}, tmp_path)) == []
    (tmp_path / "chapter05.ipynb").write_text("{}")
    (drift,) = find_drift(CHAPTERS, {}, tmp_path)
    assert drift.reason == "differs from its chapter"
