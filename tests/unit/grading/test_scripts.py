import time
from pathlib import Path

from labkit.grading.scripts import ScriptResult, run_script
from tests.waiting import has_ended

HOST = "unix:///nowhere.sock"


def test_a_script_finds_values_and_engine_in_its_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    result = run_script('echo "$net at $DOCKER_HOST"', HOST, {"net": "shop"})
    assert result.succeeded
    assert result.output == "shop at unix:///nowhere.sock\n"


def test_a_script_stops_at_its_first_failure(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    result = run_script("echo before\nfalse | true\necho after", HOST, {})
    assert not result.succeeded
    assert result.output == "before\n"
    unset = run_script('echo "$nothing"', HOST, {})
    assert "nothing" in unset.problem


def test_a_script_has_a_folder_and_leaves_none_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    folder = run_script("pwd", HOST, {}).output.strip()
    assert not Path(folder).exists()
    given = tmp_path / "work"
    given.mkdir()
    assert run_script("pwd", HOST, {}, given).output.strip() == str(given)


def test_a_script_that_hangs_goes_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    note = tmp_path / "child"
    script = f"sleep 60 & echo $! > {note}; wait"
    begin = time.monotonic()
    result = run_script(script, HOST, {}, seconds=0.3)
    assert result.timed_out
    assert result.problem == "it took too long"
    assert time.monotonic() - begin < 5
    assert has_ended(int(note.read_text()))


def test_the_problem_is_what_was_said_last():
    assert ScriptResult(1, "one\n\nError: two\n\n").problem == "Error: two"
    assert ScriptResult(7, "").problem == "exit code 7"


def test_the_problem_is_not_where_help_is():
    said = "docker: no such image\n\nRun 'docker run --help' for more information\n"
    assert ScriptResult(125, said).problem == "docker: no such image"
