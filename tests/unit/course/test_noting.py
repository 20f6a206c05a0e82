from labkit.base.clock import SystemClock
from labkit.course.noting import Noting
from labkit.course.progress import Progress
from labkit.grading.model import Grade, Outcome, Verdict

GRADE = Grade("c05-e1", "Net", (Verdict("net", "Net", Outcome.PASSED, 5, 5),))


def test_notes_what_can_be_noted(tmp_path):
    record = Progress(tmp_path, SystemClock())
    noting = Noting(record)
    noting.remember([GRADE])
    noting.record_hint("c05-e1", "", 2)
    assert noting.hints_taken("c05-e1", "") == 2
    noting.begin_exercise("c05-e1")
    assert noting.hints_taken("c05-e1", "") == 0
    assert record.work()["c05-e1"].attempts == 1
    assert noting.problem == ""


def test_says_what_can_not_be_noted_and_goes_on(tmp_path):
    (tmp_path / "progress.db").mkdir()
    for work in (
        lambda noting: noting.remember([GRADE]),
        lambda noting: noting.record_hint("c05-e1", "", 2),
        lambda noting: noting.hints_taken("c05-e1", ""),
        lambda noting: noting.begin_exercise("c05-e1"),
    ):
        noting = Noting(Progress(tmp_path, SystemClock()))
        assert not work(noting)
        assert "cannot open database" in noting.problem


def test_a_home_that_is_none_is_a_problem_like_any_other(tmp_path):
    (tmp_path / "home").write_text("a file")
    noting = Noting(Progress(tmp_path / "home", SystemClock()))
    noting.remember([GRADE])
    assert "exists" in noting.problem or "directory" in noting.problem
