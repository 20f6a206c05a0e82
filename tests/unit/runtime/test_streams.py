"""Clients that are slow, gone, or only half there; no process in sight."""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator

import pytest

from labkit.runtime.loop import Loop
from labkit.runtime.model import AttachOptions
from labkit.runtime.streams import BUFFER_BYTES, Attachment, Input, Output


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


class Setup:
    """An output fed by a pipe, and one client."""

    def __init__(self, loop: Loop, patience: float = 60.0, framed: bool = True) -> None:
        self.loop = loop
        self.output = Output(loop, None, framed)
        reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)
        self.output.add_source(reader, "stdout")
        self.client, theirs = socket.socketpair()
        self.client.setblocking(False)
        options = AttachOptions(stdin=True)
        self.attachment = Attachment(loop, theirs, options, framed, patience)
        self.output.attach(self.attachment)

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.loop.run_once(0)

    def end(self) -> None:
        os.close(self.writer)
        self.output.finish()
        self.output.drop_clients()
        self.client.close()


def test_frames_what_the_process_writes(loop: Loop) -> None:
    setup = Setup(loop)
    os.write(setup.writer, b"hello")
    setup.turn(2)
    assert setup.client.recv(100) == struct.pack(">BxxxL", 1, 5) + b"hello"
    setup.end()


def test_a_terminal_has_no_frames(loop: Loop) -> None:
    setup = Setup(loop, framed=False)
    os.write(setup.writer, b"hello")
    setup.turn(2)
    assert setup.client.recv(100) == b"hello"
    setup.end()


def test_the_end_of_output_is_the_end_of_the_stream(loop: Loop) -> None:
    setup = Setup(loop)
    os.write(setup.writer, b"x")
    os.close(setup.writer)
    setup.turn(4)
    assert setup.client.recv(100)[8:] == b"x"
    assert setup.client.recv(100) == b""
    assert setup.output.is_flushed
    setup.client.close()


def _fill(setup: Setup) -> int:
    """Write until the output is not read any more; return how much it took."""
    total = 0
    idle = 0
    while idle < 3:
        try:
            total += os.write(setup.writer, b"x" * 65536)
            idle = 0
        except BlockingIOError:
            idle += 1
        setup.turn()
    return total


def test_a_client_that_does_not_read_stops_the_process(loop: Loop) -> None:
    setup = Setup(loop)
    taken = _fill(setup)
    assert BUFFER_BYTES < taken < 2 * BUFFER_BYTES
    # It reads again: the output goes on, nothing is lost.
    received = 0
    while setup.attachment.is_behind:
        received += len(setup.client.recv(1 << 20))
        setup.turn()
    assert _fill(setup) > 0
    setup.end()


def test_a_client_without_life_is_dropped(loop: Loop) -> None:
    setup = Setup(loop, patience=0.0)
    written = 0
    for _ in range(200):
        with contextlib.suppress(BlockingIOError):
            written += os.write(setup.writer, b"x" * 65536)
        setup.turn()
    # Far more than is kept for a client: the process goes on without it.
    assert written > 4 * BUFFER_BYTES
    setup.end()


def test_a_client_that_goes_away_is_forgotten(loop: Loop) -> None:
    setup = Setup(loop)
    setup.client.close()
    setup.turn(2)
    os.close(setup.writer)
    setup.turn(2)
    assert setup.output.is_flushed


def test_holds_output_until_somebody_is_there(loop: Loop) -> None:
    output = Output(loop, None, True)
    output.hold()
    reader, writer = os.pipe()
    output.add_source(reader, "stderr")
    os.write(writer, b"early")
    loop.run_once(0)
    client, theirs = socket.socketpair()
    output.attach(Attachment(loop, theirs, AttachOptions(), True))
    output.release()
    loop.run_once(0)
    assert client.recv(100)[8:] == b"early"
    os.close(writer)
    output.finish()
    client.close()


def _input(loop: Loop, once: bool, terminal: bool = False) -> tuple[Input, int]:
    reader, writer = os.pipe()
    made = Input(loop, once, terminal)
    made.open(writer)
    os.set_blocking(reader, False)
    return made, reader


def test_input_ends_with_its_first_client_when_asked(loop: Loop) -> None:
    target, reader = _input(loop, once=True)
    client, theirs = socket.socketpair()
    Attachment(loop, theirs, AttachOptions(stdin=True), True).connect_input(target)
    client.sendall(b"bye")
    client.shutdown(socket.SHUT_WR)
    for _ in range(3):
        loop.run_once(0)
    assert os.read(reader, 10) == b"bye"
    assert os.read(reader, 10) == b""
    os.close(reader)
    client.close()
    loop.run_once(0)


@pytest.mark.parametrize(("once", "terminal"), [(False, False), (True, True)])
def test_input_stays_open_otherwise(loop: Loop, once: bool, terminal: bool) -> None:
    target, reader = _input(loop, once, terminal)
    target.client_ended()
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)
    target.close()
    os.close(reader)


def test_input_waits_for_its_process(loop: Loop) -> None:
    target = Input(loop, True, False)
    client, theirs = socket.socketpair()
    source = Attachment(loop, theirs, AttachOptions(stdin=True), True)
    source.connect_input(target)
    client.sendall(b"early")
    loop.run_once(0)
    reader, writer = os.pipe()
    target.open(writer)
    assert os.read(reader, 10) == b"early"
    target.close()
    source.close()
    os.close(reader)
    client.close()


def test_a_full_pipe_makes_the_client_wait(loop: Loop) -> None:
    target, reader = _input(loop, once=False)
    client, theirs = socket.socketpair()
    client.setblocking(False)
    source = Attachment(loop, theirs, AttachOptions(stdin=True), True)
    source.connect_input(target)
    sent = 0
    for _ in range(200):
        with contextlib.suppress(BlockingIOError):
            sent += client.send(b"x" * 65536)
        loop.run_once(0)
    assert sent < 2 << 20
    read = 0
    while read < sent:
        read += len(os.read(reader, 1 << 20))
        loop.run_once(0)
    assert read == sent
    target.close()
    source.close()
    os.close(reader)
    client.close()
