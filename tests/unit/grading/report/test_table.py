import builtins
import io
from dataclasses import replace

import pytest
from rich.console import Console

from labkit.grading.model import Grade, Outcome, Verdict
from labkit.grading.report.table import print_report, report_text, summary
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED

GOLDEN = """\
c05-e2  Call it by name  0/5
  ✘ failed      Container web runs  (0/3)
      field      state
      expected   running
      found      exited with code 1
      next step  see `docker logs web`
  ✘ failed      Its page answers  (0/2)
      needs 'Container web runs' first

0 of 5 points  to do: c05-e2
"""


def _printed(*grades):
    stream = io.StringIO()
    print_report(Console(file=stream, width=78, color_system=None), grades)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


def test_a_failure_is_spelled_out_line_by_line():
    assert _printed(FAILED) == GOLDEN


def test_a_narrow_terminal_loses_no_letter():
    stream = io.StringIO()
    console = Console(file=stream, width=22, color_system=None)
    long = Verdict("a", "container-with-a-name", Outcome.PASSED, 1, 1)
    print_report(console, [Grade("c05-e1", "Net", (long,))])
    assert "\u2026" not in stream.getvalue()


def test_a_debrief_follows_success():
    text = _printed(PASSED)
    assert "✔ passed" in text
    assert "Its range is 10.9.0.0/24." in text
    assert text.endswith("2 of 2 points  ✔ passed\n")


def test_an_outage_is_said_with_its_reason():
    text = _printed(PASSED, DOWN)
    assert "? not checked" in text
    assert text.splitlines()[-1] == ("2 of 4 points  ? not checked: no engine answers")


def test_an_outage_of_several_exercises_is_said_once():
    held_up = replace(
        DOWN.verdicts[0],
        check="b",
        reason="it needs 'x', which could not",
        held_up=True,
    )
    grade = replace(DOWN, verdicts=(*DOWN.verdicts, held_up))
    once = "no points given  ? not checked: no engine answers\n"
    assert _printed(grade, DOWN) == once


def test_two_outages_are_said_where_each_belongs():
    other = replace(DOWN.verdicts[0], check="b", reason="not visible here")
    text = _printed(DOWN, replace(DOWN, verdicts=(*DOWN.verdicts, other)))
    assert "      no engine answers\n" in text
    assert "      not visible here\n" in text


def test_the_summary_names_what_is_to_do():
    assert summary([PASSED, FAILED]).plain == "2 of 7 points  to do: c05-e2"


def test_a_notebooks_kernel_gets_the_text_and_shows_nothing_by_itself(
    monkeypatch: pytest.MonkeyPatch,
):
    # rich knows a kernel by this name of its shell.
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)
    assert "Container web runs" in report_text([FAILED])
