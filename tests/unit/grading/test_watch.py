import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.model import Outcome
from labkit.grading.watch import watch_exercises
from tests.unit.grading.build import make_check, make_exercise
from tests.unit.grading.observe.fakes import (
    NOT_FOUND,
    VERSION,
    answer,
    hang,
    serving,
)
from tests.unit.jupyter.live.fakes import live_engine

EXERCISE = make_exercise(make_check("container", "box", name="box"))


def test_grades_now_and_after_each_change(tmp_path):
    with live_engine(tmp_path) as (engine, host):
        grades = watch_exercises(host, [EXERCISE])
        (first,) = next(grades)
        engine.emit({"Type": "container", "Action": "start"})
        (second,) = next(grades)
        assert first.outcome is second.outcome is Outcome.FAILED
        engine.end()
        with pytest.raises(UnavailableError, match="could not check: the engine has s"):
            next(grades)


def test_no_engine_is_no_grade(tmp_path):
    with pytest.raises(UnavailableError, match="could not check: no engine answers"):
        next(watch_exercises(f"unix://{tmp_path}/none.sock", [EXERCISE]))


@pytest.mark.slow
def test_an_engine_that_hangs_from_the_start_is_given_up(tmp_path):
    with (
        serving(tmp_path / "s", hang) as host,
        pytest.raises(UnavailableError, match="did not answer in time"),
    ):
        next(watch_exercises(host, [EXERCISE]))


@pytest.mark.slow
def test_an_engine_that_falls_silent_is_asked_whether_it_is_there(tmp_path):
    asked = []

    def fall_silent(connection, over):
        request = connection.recv(65536)
        if b"/version" in request:
            asked.append(request)
            if len(asked) > 2:  # the watcher's, the grader's; then it hangs
                over.wait(30)
            connection.sendall(VERSION)
        elif b"/events" in request:
            connection.sendall(answer("200 OK", b"").replace(b": 0", b": 9"))
            over.wait(30)
        else:
            connection.sendall(NOT_FOUND)

    with serving(tmp_path / "s", fall_silent) as host:
        grades = watch_exercises(host, [EXERCISE])
        assert next(grades)[0].outcome is Outcome.FAILED
        with pytest.raises(UnavailableError, match="did not answer in time"):
            next(grades)
