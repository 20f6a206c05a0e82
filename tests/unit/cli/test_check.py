import json
import xml.etree.ElementTree as ET

from labkit.base.clock import SystemClock
from labkit.cli import check
from labkit.course.progress import Progress
from labkit.grading.model import Grade, Outcome, Verdict


def test_an_engine_that_is_down_is_exit_code_2(terminal):
    said = terminal.run("check", "chapter05", "--exercise", "c05-e1")
    assert said.code == 2
    assert "could not" not in said.err
    assert "no such file or directory" in said.out.replace("\n", " ")


def test_json_is_all_that_is_printed(terminal):
    said = terminal.run("check", "chapter05", "--json")
    document = json.loads(said.out)
    assert said.code == 2
    assert document["outcome"] == "could not check"
    assert len(document["exercises"]) >= 6


def test_an_outage_is_not_remembered_as_a_result(terminal):
    terminal.run("check", "chapter05")
    assert Progress(terminal.home, SystemClock()).results() == {}


def test_junit_is_written_to_a_file(terminal, tmp_path):
    path = tmp_path / "report.xml"
    terminal.run("check", "c05-e1", "--junit", str(path))
    assert ET.parse(path).getroot().tag == "testsuites"


def test_something_must_be_named(terminal):
    said = terminal.run("check")
    assert said.code == 2
    assert "name a chapter" in said.err


def test_a_name_that_is_none_is_not_taken_for_a_failed_exercise(terminal):
    said = terminal.run("check", "c05-e99")
    assert said.code == 2
    assert "chapter05 has c05-e1" in said.err


def test_a_result_that_cannot_be_noted_is_shown_all_the_same(terminal, monkeypatch):
    grade = Grade("c05-e1", "Net", (Verdict("net", "Net", Outcome.PASSED, 5, 5),))
    monkeypatch.setattr(check, "grade_exercises", lambda *_: (grade,))
    (terminal.home / "progress.db").mkdir(parents=True)
    said = terminal.run("check", "c05-e1")
    assert said.code == 0
    assert "5 of 5 points" in said.out
    assert "this result is not noted: cannot open database" in said.err


def test_watching_notes_a_result_once(terminal, monkeypatch):
    grade = Grade("c05-e1", "Net", (Verdict("net", "Net", Outcome.FAILED, 0, 5),))
    solved = Grade("c05-e1", "Net", (Verdict("net", "Net", Outcome.PASSED, 5, 5),))
    seen = [(grade,), (grade,), (solved,), (solved,)]
    monkeypatch.setattr(check, "watch_exercises", lambda *_: iter(seen))
    assert terminal.run("check", "c05-e1", "--watch").code == 0
    work = Progress(terminal.home, SystemClock()).work()
    assert work["c05-e1"].attempts == 2
