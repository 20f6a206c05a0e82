"""Requests from clients of all manners."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.base.errors import ConflictError
from labkit.runtime.connection import Connection, Request
from labkit.runtime.loop import Loop


class Server:
    """Remembers what was asked."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.requests: list[Request] = []
        self.client, theirs = socket.socketpair()
        self.client.settimeout(5)
        self.connection = Connection(self.loop, theirs, self.handle)

    def handle(self, connection: Connection, request: Request) -> None:
        self.requests.append(request)
        if request["verb"] == "refuse":
            raise ConflictError("no")
        connection.finish({"echo": request["verb"]})

    def ask(self, *pieces: bytes) -> Any:
        for piece in pieces:
            self.client.sendall(piece)
            self.loop.run_once(0)
        return json.loads(self.client.recv(1000))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.client.close()
    made.connection.close()
    made.loop.close()


def test_answers_a_request(server: Server) -> None:
    assert server.ask(b'{"verb": "x"}\n') == {"ok": True, "echo": "x"}
    assert server.client.recv(10) == b""


def test_waits_for_the_whole_line(server: Server) -> None:
    assert server.ask(b'{"verb"', b': "y"}', b"\n")["echo"] == "y"


def test_an_error_is_an_answer(server: Server) -> None:
    answer = server.ask(b'{"verb": "refuse"}\n')
    assert (answer["error"], answer["message"]) == ("ConflictError", "no")


@pytest.mark.parametrize("line", [b"[]\n", b"{}\n", b"x\n", b"\xff\n"])
def test_nonsense_is_refused(server: Server, line: bytes) -> None:
    assert "error" in server.ask(line)
    assert server.requests == []


def test_a_client_that_leaves_is_forgotten(server: Server) -> None:
    server.client.close()
    server.loop.run_once(0)
    assert server.connection.sock.fileno() < 0
