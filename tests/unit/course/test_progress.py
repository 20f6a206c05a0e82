import sqlite3
from contextlib import closing
from pathlib import Path

from labkit.course.progress import _MIGRATIONS, Progress, Result, Work


class StoppedClock:
    def now_ns(self) -> int:
        return 7


def test_an_empty_home_has_no_progress(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "home", StoppedClock())
    assert progress.steps_done("chapter05") == frozenset()
    assert progress.results() == {}
    assert not (tmp_path / "home").exists()


def test_remembers_steps_of_each_chapter(tmp_path: Path) -> None:
    progress = Progress(tmp_path, StoppedClock())
    progress.record_step("chapter05", "list")
    progress.record_step("chapter05", "list")
    progress.record_step("chapter06", "build")
    again = Progress(tmp_path, StoppedClock())
    assert again.steps_done("chapter05") == {"list"}
    assert again.steps_done("chapter06") == {"build"}


def test_keeps_the_best_result(tmp_path: Path) -> None:
    progress = Progress(tmp_path, StoppedClock())
    for points in (2, 5, 1):
        progress.record_exercise("c05-e1", points, 5)
    assert progress.results() == {"c05-e1": Result(5, 5)}


def test_remembers_the_chapter_of_the_last_step(tmp_path: Path) -> None:
    progress = Progress(tmp_path, StoppedClock())
    assert progress.last_chapter() is None
    progress.record_step("chapter06", "build")
    progress.record_step("chapter05", "list")
    assert progress.last_chapter() == "chapter05"
    progress.record_step("chapter06", "build")
    assert progress.last_chapter() == "chapter06"


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "progress.db").write_bytes(b"no database at all" * 1000)
    progress = Progress(tmp_path, StoppedClock())
    assert progress.results() == {}
    progress.record_step("chapter05", "list")
    assert progress.steps_done("chapter05") == {"list"}
    kept = (tmp_path / "progress.db.damaged").read_bytes()
    assert kept.startswith(b"no database at all")


class TickingClock:
    def __init__(self) -> None:
        self.now = 0

    def now_ns(self) -> int:
        self.now += 1
        return self.now


def test_counts_attempts_and_hints_and_keeps_their_times(tmp_path: Path) -> None:
    progress = Progress(tmp_path, TickingClock())
    assert progress.work() == {}
    for points in (0, 5, 3, 5):
        progress.record_exercise("c05-e1", points, 5)
    for tier in (1, 2, 2):
        progress.record_hint("c05-e1", "net", tier)
    progress.record_hint("c05-e2", "", 1)
    assert progress.work() == {
        "c05-e1": Work(attempts=4, hints=2, first_ns=1, solved_ns=2),
        "c05-e2": Work(hints=1),
    }


def test_a_new_beginning_starts_the_ladders_anew_and_keeps_the_count(
    tmp_path: Path,
) -> None:
    progress = Progress(tmp_path, StoppedClock())
    progress.begin_exercise("c05-e1")
    for tier in (1, 2):
        progress.record_hint("c05-e1", "net", tier)
    progress.record_hint("c05-e2", "net", 1)
    assert progress.hints_taken("c05-e1", "net") == 2
    assert progress.hints_taken("c05-e1", "") == 0
    progress.begin_exercise("c05-e1")
    assert progress.hints_taken("c05-e1", "net") == 0
    assert progress.hints_taken("c05-e2", "net") == 1
    assert progress.work()["c05-e1"] == Work(hints=2)


def test_a_record_of_before_attempts_were_counted_goes_on(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "progress.db")) as database:
        database.executescript(
            f"{_MIGRATIONS[0]}; INSERT INTO exercise VALUES ('c05-e1', 3, 5, 1);"
            "PRAGMA user_version = 1;"
        )
    progress = Progress(tmp_path, StoppedClock())
    assert progress.results() == {"c05-e1": Result(3, 5)}
    progress.record_exercise("c05-e1", 4, 5)
    assert progress.work()["c05-e1"].attempts == 1
