"""Sockets of agents, handed on."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labkit.builder.agents import relayed
from tests.serving import serving


class _Louder(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line.upper())


@contextmanager
def agent_at(path: Path) -> Iterator[None]:
    """Have an agent that says louder what it hears."""
    with serving(socketserver.ThreadingUnixStreamServer(str(path), _Louder)):
        yield


def said_back(place: Path, *lines: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(str(place))
        sock.sendall(b"".join(lines))
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(1 << 16), b""))


def test_hands_on_what_is_said(tmp_path: Path) -> None:
    agent, place = tmp_path / "agent", tmp_path / "place"
    client = socket.socket(socket.AF_UNIX)
    with agent_at(agent), relayed(agent, place), client:
        client.settimeout(10)
        client.connect(str(place))
        for line in (b"one\n", b"two\n"):
            client.sendall(line)
            assert client.recv(100) == line.upper()
    assert not place.exists()


def test_hangs_up_where_no_agent_is(tmp_path: Path) -> None:
    place = tmp_path / "place"
    with relayed(tmp_path / "none", place), socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(str(place))
        assert sock.recv(1) == b""
    with pytest.raises(FileNotFoundError):
        said_back(place)
