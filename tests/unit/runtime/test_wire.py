"""Requests and answers: one line, and not a byte of what follows it."""

import socket
from pathlib import Path

import pytest

from labkit.base import errors
from labkit.runtime.model import StartError
from labkit.runtime.wire import (
    connect,
    encode_error,
    encode_line,
    listen,
    raise_error,
    read_line,
)


def test_reads_no_further_than_the_line() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode_line({"ok": True}) + b"stream")
        assert read_line(ours) == {"ok": True}
        assert ours.recv(100) == b"stream"


def test_reads_a_line_that_comes_in_pieces() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = encode_line({"text": "x" * 100_000})
        theirs.sendall(line[:70_000])
        theirs.sendall(line[70_000:])
        assert len(read_line(ours)["text"]) == 100_000


def test_an_end_without_an_answer_is_an_error() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(errors.UnavailableError, match="the cook is gone"):
        read_line(ours, "the cook")


@pytest.mark.parametrize("kind", [errors.ConflictError, errors.NotFoundError])
def test_errors_keep_their_kind(kind: type[errors.LabError]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode_error(kind("no")))
        with pytest.raises(kind, match="no"):
            raise_error(read_line(ours))


def test_a_start_error_keeps_its_code() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode_error(StartError("gone", 127)))
        with pytest.raises(StartError) as caught:
            raise_error(read_line(ours))
    assert caught.value.exit_code == 127


def test_a_bug_becomes_an_internal_error() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode_error(ZeroDivisionError("oops")))
        with pytest.raises(errors.InternalError, match="ZeroDivisionError: oops"):
            raise_error(read_line(ours))


def test_the_folders_name_may_be_long(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    with listen(folder), connect(folder) as sock:
        assert sock.fileno() > 0
    with pytest.raises(ConnectionRefusedError):
        connect(folder)
    with listen(folder):  # what a dead one left is replaced
        connect(folder).close()
