import time

import pytest

from labkit.grading.observe import observe
from labkit.grading.probes import (
    ConnectProbe,
    ContainerProbe,
    NetworkProbe,
    PageProbe,
    Unavailable,
)
from tests.unit.grading.observe.fakes import (
    NOT_FOUND,
    SERVER_ERROR,
    answer_then_hang,
    answer_with,
    hang,
    serving,
)

PROBES = [ContainerProbe("web"), NetworkProbe("net"), ConnectProbe("web", "db", 80)]


def _reasons(seen):
    answers = [seen.answers[probe] for probe in PROBES]
    assert all(isinstance(answer, Unavailable) for answer in answers), answers
    return {answer.reason for answer in answers}


def test_without_an_engine_every_question_is_unanswered(tmp_path):
    seen = observe(f"unix://{tmp_path}/none.sock", PROBES)
    (reason,) = _reasons(seen)
    assert "no such file or directory" in reason


@pytest.mark.slow
def test_a_hung_engine_is_given_up_in_time(tmp_path):
    begin = time.monotonic()
    with serving(tmp_path / "s", hang) as host:
        (reason,) = _reasons(observe(host, PROBES))
    assert "did not answer in time" in reason
    assert time.monotonic() - begin < 5


@pytest.mark.slow
def test_an_engine_that_hangs_midway_is_given_up_at_the_deadline(tmp_path):
    begin = time.monotonic()
    with serving(tmp_path / "s", answer_then_hang) as host:
        reasons = _reasons(observe(host, PROBES, budget=0.5))
    assert reasons == {"no answer in time"}
    assert time.monotonic() - begin < 3


def test_an_engine_that_fails_says_nothing_about_the_learner(tmp_path):
    with serving(tmp_path / "s", answer_with(SERVER_ERROR)) as host:
        (reason,) = _reasons(observe(host, PROBES))
    assert reason == "the engine failed: disk is full"


def test_what_is_not_there_is_an_answer(tmp_path):
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        seen = observe(host, PROBES)
    assert [seen.answers[probe] for probe in PROBES] == [None, None, None]


def test_a_page_is_asked_for_even_beside_things_that_are_not_there(tmp_path):
    probe = PageProbe(1)
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        seen = observe(host, [ContainerProbe("web"), probe])
    assert seen.answers[probe].status == 0
