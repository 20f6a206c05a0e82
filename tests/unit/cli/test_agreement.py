"""The button in the notebook, the terminal, ``--json`` and the page say the same."""

import io
import json
import os

import pytest
from rich.console import Console

from labkit.course.markdown import render_foreign_markdown
from labkit.grading.load import load_exercises
from labkit.grading.model import Grade, Outcome
from labkit.grading.report.document import report_json
from labkit.grading.report.page import report_page
from labkit.grading.report.table import print_report
from labkit.jupyter.connect import Connection
from labkit.jupyter.display import show_grade
from labkit.jupyter.session import Session
from labkit.jupyter.widgets import check_button, set_session
from tests.unit.cli.states import (
    Facts,
    facts_of_json,
    facts_of_page,
    facts_of_text,
    make_state,
)
from tests.unit.course.build import make_chapter
from tests.unit.grading.observe.fakes import (
    NOT_FOUND,
    SERVER_ERROR,
    answer_with,
    close,
    garbage,
    serving,
)

STATES = 200
WIDE = 4000


def _wide(grade: Grade) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=WIDE, color_system=None, highlight=False)
    print_report(console, [grade])
    return stream.getvalue()


def _bytes(facts: Facts) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


@pytest.mark.slow
def test_two_hundred_worlds_look_the_same_everywhere() -> None:
    exercises = load_exercises(None, "agreement")
    seen = set()
    for number in range(STATES):
        grade = make_state(exercises[number % len(exercises)], number)
        seen.add(grade.outcome)
        (document,) = json.loads(report_json([grade]))["exercises"]
        expected = _bytes(facts_of_json(document))
        assert _bytes(facts_of_text(_wide(grade))) == expected, number
        shown = show_grade(grade)
        assert _bytes(facts_of_page(shown.page)) == expected, number
        page = report_page([grade], render_foreign_markdown)
        assert _bytes(facts_of_page(page)) == expected, number
    assert seen == set(Outcome)


@pytest.mark.parametrize(
    "handler",
    [answer_with(NOT_FOUND), answer_with(SERVER_ERROR), close, garbage, None],
    ids=["empty", "failing", "dying", "babbling", "absent"],
)
def test_three_ways_to_ask_one_engine(terminal, tmp_path, monkeypatch, handler) -> None:
    connection = Connection(terminal.host, on_lab=False)
    chapter = make_chapter("text\n")
    set_session(Session(connection, terminal.home, chapter, dict(os.environ)))

    def ask() -> None:
        said = terminal.run("check", "c05-e2", "--json")
        (document,) = json.loads(said.out)["exercises"]
        expected = _bytes(facts_of_json(document))
        printed = terminal.run("check", "c05-e2")
        assert printed.code == said.code
        assert _bytes(facts_of_page(_press("c05-e2"))) == expected
        grade = Session(connection, terminal.home, chapter, {}).check("c05-e2")
        assert repr(show_grade(grade)) == printed.out.rstrip("\n")
        monkeypatch.setenv("COLUMNS", str(WIDE))
        wide = terminal.run("check", "c05-e2").out
        assert _bytes(facts_of_text(wide)) == expected

    monkeypatch.delenv("COLUMNS", raising=False)
    if handler is None:
        ask()
        return
    with serving(tmp_path / "none.sock", handler):
        ask()


def _press(exercise: str) -> str:
    row, answer = check_button(exercise).children
    (button,) = (item for item in row.children if item.description == "Check")
    button.click()
    return str(answer.value)
