import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, UnavailableError
from labkit.cli.engine_process import (
    EnginePlace,
    daemon_command,
    docker_host,
    ensure_engine,
    find_place,
    get_json,
    is_answering,
    read_pid,
    start,
    stop,
)
from tests.unit.grading.observe.fakes import answer_with, close, garbage, serving

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{"a": 1}'


def _place(tmp_path, socket="s"):
    return EnginePlace(tmp_path, tmp_path / socket)


def test_a_place_follows_from_its_data_root():
    place = find_place("/data")
    assert place.socket == Path("/data/run/docker.sock")
    assert find_place("/data", "/x.sock").docker_host == "unix:///x.sock"


def test_docker_host_is_obeyed_and_nothing_started(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///mine.sock")
    assert docker_host() == ensure_engine() == "unix:///mine.sock"


def test_an_engine_answers_or_does_not(tmp_path):
    assert not is_answering(_place(tmp_path))
    with serving(tmp_path / "s", answer_with(OK)):
        assert is_answering(_place(tmp_path))
        assert get_json(_place(tmp_path), "/info") == {"a": 1}


@pytest.mark.parametrize("handler", [close, garbage])
def test_an_engine_that_breaks_does_not_answer(tmp_path, handler):
    with serving(tmp_path / "s", handler):
        assert not is_answering(_place(tmp_path))


def test_says_how_to_start_an_engine_that_is_not_there(tmp_path):
    with pytest.raises(UnavailableError, match="start it with `labkit engine start`"):
        get_json(_place(tmp_path), "/info")


def test_an_error_of_the_engine_is_passed_on(tmp_path):
    bad = b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull"
    with (
        serving(tmp_path / "s", answer_with(bad)),
        pytest.raises(UnavailableError, match="answered 500 to /info: full"),
    ):
        get_json(_place(tmp_path), "/info")


def test_without_a_pid_there_is_nothing_to_stop(tmp_path):
    assert read_pid(_place(tmp_path)) is None
    assert not stop(_place(tmp_path))


def test_a_stale_pid_file_stops_nobody_else(tmp_path):
    place = _place(tmp_path)
    place.pid_file.parent.mkdir()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        place.pid_file.write_text(f"{stranger.pid}\n")
        assert not stop(place)
        assert stranger.poll() is None
        stranger.kill()


def test_the_daemon_is_told_its_place(tmp_path):
    command = daemon_command(_place(tmp_path))
    assert command[:3] == [sys.executable, "-m", "labkit.daemon"]
    assert command[-1] == str(tmp_path / "s")


@pytest.mark.root
@pytest.mark.slow
def test_an_engine_that_can_not_start_says_why(tmp_path):
    folder = tmp_path / ("long" * 30)  # a socket's path has at most 107 bytes
    place = EnginePlace(tmp_path / "data", folder / "s.sock")
    with pytest.raises(InternalError, match=r"cannot start the engine: \S+"):
        start(place)
    assert read_pid(place) is None
    assert os.path.exists(place.log_file)
