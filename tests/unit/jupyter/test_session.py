import os
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError, UnavailableError
from labkit.course.execute import Status
from labkit.course.progress import Progress
from labkit.grading.model import Grade, Outcome, Verdict
from labkit.jupyter import session as module
from labkit.jupyter.connect import Connection
from labkit.jupyter.session import Session
from tests.unit.course.build import make_chapter
from tests.unit.course.test_progress import StoppedClock

CHAPTER = make_chapter(
    "```{step} say\n:prints: hello\necho hello\n```\n\n"
    "```{step} look\n:only: lab\nfalse\n```\n"
)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return a session on an engine that is not there."""
    connection = Connection(f"unix://{tmp_path}/no.sock", on_lab=False)
    environment = {"PATH": os.environ["PATH"]}
    return Session(connection, tmp_path / "home", CHAPTER, environment)


def test_runs_the_text_of_the_cell_and_records_it(session: Session) -> None:
    printed: list[str] = []
    outcome = session.run_step("say", "echo hello there", printed.append)
    assert outcome.status is Status.OK
    assert "".join(printed) == "hello there\n"
    done = Progress(session.home, StoppedClock()).steps_done("chapter05")
    assert done == {"say"}


def test_does_not_record_a_failure(session: Session) -> None:
    assert session.run_step("say", "echo bye", str).status is Status.FAILED
    done = Progress(session.home, StoppedClock()).steps_done("chapter05")
    assert done == frozenset()


def test_skips_what_this_engine_hides(session: Session) -> None:
    assert session.run_step("look", "false", str).status is Status.SKIPPED


def test_refuses_an_unknown_step(session: Session) -> None:
    with pytest.raises(NotFoundError, match="did you mean look"):
        session.run_step("lock", "true", str)


def test_an_engine_that_is_down_is_no_zero(session: Session) -> None:
    grade = session.check("c05-e1")
    assert grade.outcome is Outcome.COULD_NOT_CHECK
    assert Progress(session.home, StoppedClock()).results() == {}


def test_hints_go_up_the_ladder(session: Session) -> None:
    assert [session.hint("c05-e1").tier for _ in range(2)] == [1, 2]


def test_opens_a_chapter_of_the_book(session: Session) -> None:
    assert session.open_chapter("chapter05").title == "Networking"
    assert "c05-e1" in session.exercise_ids()


def test_an_xray_needs_a_name_and_an_engine(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="needs the name"):
        session.look_inside("")
    with pytest.raises(UnavailableError):
        session.look_inside("web")
    with pytest.raises(InvalidInputError, match="needs the name"):
        session.look_at_layers("")


def test_stands_where_the_record_says(session: Session) -> None:
    Progress(session.home, StoppedClock()).record_exercise("c05-e1", 5, 5)
    (networking,) = (row for row in session.standings() if row.chapter == "chapter05")
    assert (networking.exercises_solved, networking.points) == (1, 5)


def test_a_check_and_a_hint_need_no_record(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade = Grade("c05-e1", "Net", (Verdict("net", "Net", Outcome.FAILED, 0, 5),))
    monkeypatch.setattr(module, "grade_exercises", lambda *_: (grade,))
    (session.home / "progress.db").mkdir(parents=True)
    assert session.check("c05-e1") == grade
    assert session.hint("c05-e1").tier == 1
