import json
import xml.etree.ElementTree as ET

from labkit.base.clock import SystemClock
from labkit.course.progress import Progress


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
