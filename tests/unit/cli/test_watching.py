import json
from dataclasses import replace

import click
import pytest

from labkit.base.errors import UnavailableError
from labkit.cli.reports import Reports
from labkit.cli.watching import changed_lines, follow
from labkit.grading.model import Outcome
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED

(WEB, PAGE) = FAILED.verdicts
MENDED = replace(
    FAILED,
    verdicts=(replace(WEB, outcome=Outcome.PASSED, points=3, findings=()), PAGE),
)


def _until_interrupted(*grades):
    yield from grades
    raise KeyboardInterrupt


def test_elsewhere_than_on_a_terminal_changes_are_lines(capsys):
    noted = []
    source = _until_interrupted((FAILED,), (FAILED,), (MENDED,))
    last = follow(source, Reports(), noted.append)
    assert last == (MENDED,)
    assert noted == [(FAILED,), (FAILED,), (MENDED,)]
    assert capsys.readouterr().out.splitlines() == [
        "✘ failed      c05-e2 web: Container web runs; state: expected running, "
        "found exited with code 1",
        "✘ failed      c05-e2 page: Its page answers; needs: expected "
        "'Container web runs' first, found not there yet",
        "0 of 5 points  to do: c05-e2",
        "✔ passed      c05-e2 web: Container web runs",
        "3 of 5 points  to do: c05-e2",
    ]


def test_json_is_a_document_a_line(capsys, tmp_path):
    page = tmp_path / "page.html"
    follow(_until_interrupted((FAILED,), (MENDED,)), Reports(True, None, page), _forget)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["points"] for line in lines] == [0, 3]
    assert "3 of 5 points" in page.read_text()


def test_interrupted_before_the_first_grade_there_is_none():
    with pytest.raises(click.Abort):
        follow(_until_interrupted(), Reports(), _forget)


def test_an_engine_that_goes_ends_it():
    def lost():
        yield (PASSED,)
        raise UnavailableError("the engine has stopped")

    with pytest.raises(UnavailableError):
        follow(lost(), Reports(), _forget)


def test_an_outage_of_one_check_has_its_reason():
    (line,) = changed_lines((PASSED,), (PASSED, DOWN))
    assert line.plain.endswith("� more; no engine answers")


def _forget(_):
    """Note nothing."""
