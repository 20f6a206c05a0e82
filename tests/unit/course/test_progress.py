from pathlib import Path

from labkit.course.progress import Progress, Result


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
