import json
from pathlib import Path

from click.testing import CliRunner

from labkit.base.clock import SystemClock
from labkit.base.errors import NotFoundError
from labkit.cli.progress import progress
from labkit.course.progress import Progress


def test_counts_steps_exercises_and_points(tmp_path: Path) -> None:
    record = Progress(tmp_path, SystemClock())
    record.record_step("chapter05", "list")
    record.record_step("chapter05", "a-step-of-an-older-book")
    record.record_exercise("c05-e1", 5, 5)
    record.record_exercise("c05-e2", 1, 7)
    environment = {"LABKIT_HOME": str(tmp_path)}
    result = CliRunner().invoke(progress, ["--json"], env=environment)
    (chapter,) = (
        row
        for row in json.loads(result.output)["chapters"]
        if row["chapter"] == "chapter05"
    )
    assert (chapter["steps_done"], chapter["exercises_solved"]) == (1, 1)
    assert chapter["points"] == 6
    table = CliRunner().invoke(progress, env=environment).output
    assert "1 of 7" in table


def test_shows_what_each_exercise_took(tmp_path: Path) -> None:
    record = Progress(tmp_path, SystemClock())
    record.record_exercise("c05-e1", 2, 5)
    record.record_exercise("c05-e1", 5, 5)
    record.record_hint("c05-e1", "net", 1)
    environment = {"LABKIT_HOME": str(tmp_path)}
    said = CliRunner().invoke(progress, ["5", "--json"], env=environment).output
    first, second, *_ = json.loads(said)["exercises"]
    assert (first["points"], first["attempts"], first["hints"]) == (5, 2, 1)
    assert first["solved"] >= first["first_tried"]
    assert (second["attempts"], second["of"], second["solved"]) == (0, None, None)
    table = CliRunner().invoke(progress, ["chapter05"], env=environment).output
    assert "ATTEMPTS" in table


def test_a_chapter_that_is_none_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(progress, ["99"], env={"LABKIT_HOME": str(tmp_path)})
    assert isinstance(result.exception, NotFoundError)
