import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.observe import client
from labkit.grading.observe.client import answering, connect
from tests.unit.grading.observe.fakes import (
    SERVER_ERROR,
    answer,
    answer_with,
    close,
    drip,
    garbage,
    serving,
)


def test_nobody_there_is_said_in_one_clause(tmp_path):
    with pytest.raises(UnavailableError, match="no such file or directory"):
        connect(f"unix://{tmp_path}/none.sock")


@pytest.mark.parametrize("handler", [close, garbage])
def test_an_engine_that_breaks_is_unavailable(tmp_path, handler):
    with (
        serving(tmp_path / "s", handler) as host,
        pytest.raises(UnavailableError, match=r"no engine answers.*unset DOCKER_HOST"),
    ):
        connect(host)


def test_an_engine_that_says_a_byte_now_and_then_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "_CONNECT_SECONDS", 0.1)
    with (
        serving(tmp_path / "s", drip) as host,
        pytest.raises(UnavailableError, match="did not answer in time"),
    ):
        connect(host)


@pytest.mark.parametrize(
    "said",
    [
        answer("200 OK", b"<html>It works!</html>"),
        answer("200 OK", b""),
        answer("200 OK", b"[]"),
        answer("200 OK", b"{}"),
        answer("200 OK", b"null"),
        answer("404 Not Found", b"<html>no such page</html>"),
    ],
)
def test_another_server_is_no_engine(tmp_path, said):
    def some_server(connection, over):
        connection.recv(65536)
        connection.sendall(said)

    with (
        serving(tmp_path / "s", some_server) as host,
        pytest.raises(UnavailableError, match="/s: what answers there is none; start"),
    ):
        connect(host)


@pytest.mark.parametrize("host", ["nonsense://x", "tcp://[::1", "tcp://x:y", "ssh://x"])
def test_an_address_that_is_none_is_unavailable(host):
    with pytest.raises(UnavailableError, match="no engine answers"):
        connect(host)


def test_an_engines_own_failure_is_unavailable_too(tmp_path):
    with serving(tmp_path / "s", answer_with(SERVER_ERROR)) as host:
        connection = connect(host)
        with pytest.raises(UnavailableError, match="disk is full"), answering(host):
            connection.inspect_container("web")
        connection.close()
