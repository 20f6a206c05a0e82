"""The visitor's own process."""

import socket
from pathlib import Path

import pytest

from labkit.files.model import Request, Verb, View
from labkit.files.visits import Visit
from labkit.runtime.wire import read_line
from labkit.spec.runtime import Process, Root, Spec

pytestmark = pytest.mark.root


def test_a_tar_that_breaks_off_is_told(tmp_path: Path) -> None:
    spec = Spec(process=Process(args=()), root=Root(str(tmp_path)))
    view = View(folder=str(tmp_path), spec=spec)
    with Visit(Request(Verb.WRITE, view, "/")) as visit:
        visit.sock.sendall(b"junk")
        visit.sock.shutdown(socket.SHUT_WR)
        answer = read_line(visit.sock)
    assert answer["error"] == "InvalidInputError"
    assert list(tmp_path.iterdir()) == []


def test_ends_when_the_daemon_hangs_up(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(4 << 20))
    spec = Spec(process=Process(args=()), root=Root(str(tmp_path)))
    view = View(folder=str(tmp_path), spec=spec)
    visit = Visit(Request(Verb.READ, view, "/large"))
    visit.close()  # waits for its end
