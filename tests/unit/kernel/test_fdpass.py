"""Open files through a socket."""

import os
import socket

import pytest

from labkit.kernel.fdpass import receive_message, send_message


def test_carries_files_and_data() -> None:
    ours, theirs = socket.socketpair()
    reader, writer = os.pipe()
    with ours, theirs:
        send_message(ours, b"take this", (writer,))
        data, (copy,) = receive_message(theirs, 100)
    assert data == b"take this"
    os.write(copy, b"x")
    assert os.read(reader, 1) == b"x"
    for fd in (reader, writer, copy):
        os.close(fd)


def test_an_end_is_empty() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        assert receive_message(theirs, 100) == (b"", [])


def test_a_cut_message_is_an_error_and_leaks_nothing() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        before = len(os.listdir("/proc/self/fd"))
        send_message(ours, b"x" * 100, (ours.fileno(),))
        with pytest.raises(ConnectionError, match="was cut"):
            receive_message(theirs, 10)
        assert len(os.listdir("/proc/self/fd")) == before
