import pytest

from labkit.course.execute import Outcome, Status
from labkit.course.standing import Standing
from labkit.course.xray import Section
from labkit.grading.checks.model import Finding
from labkit.grading.model import Grade, Verdict
from labkit.grading.model import Outcome as Result
from labkit.jupyter.display import (
    show_grade,
    show_hint,
    show_outcome,
    show_problem,
    show_progress,
    show_text,
    show_xray,
)
from tests.unit.course.build import make_step

WRONG = Finding("driver", "bridge", "<b>", "run `docker network ls`")
FAILED = Verdict("net", "the network", Result.FAILED, 0, 2, (WRONG,))
PASSED = Verdict("app", "the app", Result.PASSED, 3, 3)
UNSURE = Verdict("web", "the web", Result.COULD_NOT_CHECK, 0, 1, reason="it is down")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.OK, "✔ ok: why (step try-it, 0.5 s)"),
        (Status.FAILED, "✘ failed: why (step try-it, 0.5 s)"),
        (Status.SKIPPED, "– skipped: why (step try-it, 0.5 s)"),
        (Status.COULD_NOT_CHECK, "? could not check: why (step try-it, 0.5 s)"),
    ],
)
def test_an_outcome_is_a_sign_and_a_word(status: Status, text: str) -> None:
    shown = show_outcome(Outcome(make_step(), status, "why", 0.5))
    assert repr(shown) == text
    assert f"{text.split(maxsplit=1)[0]} {status.value}" in shown._repr_html_()
    assert "role='status'" in shown.page


def test_a_grade_shows_field_expected_found_and_next_step() -> None:
    shown = show_grade(Grade("c05-e1", "Title", (FAILED, PASSED)))
    for part in ("driver", "bridge", "&lt;b&gt;", "<code>docker network ls</code>"):
        assert part in shown.page
    assert "3 of 5 points" in shown.page
    assert "<b>" not in shown.page
    assert "next step  run `docker network ls`" in shown.text


def test_an_outage_gives_its_reason() -> None:
    shown = show_grade(Grade("c05-e1", "Title", (UNSURE,)))
    assert "could not check" in shown.page
    assert "it is down" in shown.page
    assert "it is down" in shown.text


def test_a_debrief_is_shown_after_success() -> None:
    shown = show_grade(Grade("c05-e1", "Title", (PASSED,), debrief="*Notice* this"))
    assert "<em>Notice</em>" in shown.page


def test_texts_are_never_taken_for_markup() -> None:
    for shown in (show_text("<i>"), show_problem("<i>")):
        assert "<i>" not in shown.page
    assert "not possible" in show_problem("x").page
    assert "Hint 2 of 3" in show_hint("look", 2, 3).page


def test_an_xray_and_progress_have_words_for_a_plain_terminal() -> None:
    shown = show_xray("web", [Section("mounts", (("/", "yes"),), ("at", "rw"))])
    assert repr(shown) == "x-ray of web\nMOUNTS\n/  yes"
    standing = Standing("chapter05", "Networks", 4, 2, 3, 1, 7.5)
    shown = show_progress([standing], "chapter05")
    assert repr(shown) == "Networks: 2 of 4 steps, 1 of 3 exercises, 7.5 points"
    assert "(here)" in shown._repr_html_()
