"""Is there an engine behind DOCKER_HOST?"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labkit.daemon.docker_host import ask_engine, find_docker_host

BODY = b'{"Platform": {"Name": "Docker Engine - Community"}, "Version": "28.2.2"}'


@contextmanager
def engine(listener: socket.socket, body: bytes) -> Iterator[None]:
    """Answer one request."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        yield
        thread.join(5)


def test_an_engine_on_a_unix_socket(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    with engine(listener, BODY):
        found = find_docker_host({"DOCKER_HOST": f"unix://{tmp_path}/s"})
    assert found.ok
    assert found.detail.startswith("Docker Engine - Community 28.2.2 at unix://")


def test_an_engine_on_tcp() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    with engine(listener, BODY):
        assert ask_engine(address).ok


def test_something_else_that_answers() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    with engine(listener, b"<html>"):
        found = ask_engine(address)
    assert not found.ok
    assert address in found.detail


def test_nobody_there(tmp_path: Path) -> None:
    found = ask_engine(f"unix://{tmp_path}/gone")
    assert not found.ok
    assert "no Docker Engine answers" in found.detail


def test_no_address() -> None:
    assert find_docker_host({}).detail == "DOCKER_HOST is not set"


@pytest.mark.parametrize("address", ["ssh://me@there", "nonsense", "tcp://"])
def test_other_addresses_are_not_asked(address: str) -> None:
    assert "only unix:// and tcp://" in ask_engine(address).detail
