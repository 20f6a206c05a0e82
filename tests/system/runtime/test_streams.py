"""Attach and terminals: who gets what, and when it ends."""

import socket

import pytest

from labkit.base.errors import ConflictError, NotFoundError
from labkit.runtime.model import AttachOptions, IoOptions, LogOptions
from labkit.spec.runtime import ConsoleSize
from tests.system.runtime.lab import (
    Lab,
    read_all,
    read_until,
    split_frames,
    wait_event,
)

pytestmark = pytest.mark.root

_ALL = AttachOptions(stdin=True)


def _io(lab: Lab, name: str, once: bool = False) -> IoOptions:
    log = LogOptions(str(lab.log_path(name)))
    return IoOptions(stdin=True, stdin_once=once, log=log)


def test_passes_input_on_and_its_end(lab: Lab) -> None:
    lab.create("cat", "cat", io=_io(lab, "cat", once=True))
    with lab.runtime.attach("cat", _ALL) as sock:
        # Before the start already: it waits for the process.
        sock.sendall(b"early\n")
        lab.runtime.start("cat")
        sock.sendall(b"late\n")
        sock.shutdown(socket.SHUT_WR)
        assert split_frames(read_all(sock))[0] == b"early\nlate\n"
    lab.runtime.delete("cat")


def test_keeps_input_open_for_the_next_client(lab: Lab) -> None:
    lab.create("keep", "cat", io=_io(lab, "keep"))
    lab.runtime.start("keep")
    for word in (b"one", b"two"):
        with lab.runtime.attach("keep", _ALL) as sock:
            sock.sendall(word + b"\n")
            assert word in read_until(sock, word)
    lab.runtime.delete("keep")


def test_passes_a_megabyte_through(lab: Lab) -> None:
    lab.create("much", "cat", io=_io(lab, "much", once=True))
    data = b"0123456789abcde\n" * 65536
    with lab.runtime.attach("much", _ALL) as sock:
        lab.runtime.start("much")
        received = bytearray()
        sock.settimeout(20)
        sock.setblocking(True)
        half = len(data) // 16
        for start in range(0, len(data), half):
            sock.sendall(data[start : start + half])
        sock.shutdown(socket.SHUT_WR)
        received += read_all(sock)
    assert split_frames(bytes(received))[0] == data
    lab.runtime.delete("much")


def test_gives_only_the_streams_asked_for(lab: Lab) -> None:
    lab.create("half", "sh", "-c", "echo out; echo err >&2")
    with lab.runtime.attach("half", AttachOptions(stdout=False)) as sock:
        lab.runtime.start("half")
        assert split_frames(read_all(sock)) == (b"", b"err\n")
    lab.runtime.delete("half")


def test_gives_a_terminal(lab: Lab) -> None:
    size = ConsoleSize(height=33, width=101)
    script = "tty; stty size; test -c /dev/console && echo console; id -u"
    result = lab.run("tty", "sh", "-c", script, terminal=True, console_size=size)
    assert result.stdout == b"/dev/pts/0\r\n33 101\r\nconsole\r\n0\r\n"


def test_resizes_and_interrupts_a_terminal(lab: Lab) -> None:
    script = "trap 'stty size' WINCH; echo ready; while :; do sleep 0.01; done"
    lab.create("size", "sh", "-c", script, io=_io(lab, "size"), terminal=True)
    with (
        lab.runtime.attach("size", _ALL) as sock,
        lab.runtime.watch("size") as watch,
    ):
        lab.runtime.start("size")
        read_until(sock, b"ready")
        lab.runtime.resize("size", None, 40, 90)
        read_until(sock, b"40 90")
        sock.sendall(b"\x03")  # ctrl-c goes by the terminal's line discipline
        assert wait_event(watch, "exit")["exit_code"] == 130
    lab.runtime.delete("size")


def test_refuses_to_resize_without_a_terminal(lab: Lab) -> None:
    lab.create("plain", "sleep", "60")
    lab.runtime.start("plain")
    with pytest.raises(ConflictError, match="without a terminal"):
        lab.runtime.resize("plain", None, 1, 1)
    with pytest.raises(NotFoundError, match="no such exec"):
        lab.runtime.resize("plain", "nope", 1, 1)
    lab.runtime.delete("plain")


def test_a_client_that_never_reads_does_not_lose_the_log(lab: Lab) -> None:
    # Less than what is buffered for a client: the container does not notice it.
    script = "dd if=/dev/zero bs=1000 count=500 | tr '\\0' x; echo done"
    lab.create("deaf", "sh", "-c", script)
    with (
        lab.runtime.attach("deaf", AttachOptions()),
        lab.runtime.watch("deaf") as watch,
    ):
        lab.runtime.start("deaf")
        assert wait_event(watch, "exit")["exit_code"] == 0
        assert lab.log_path("deaf").read_bytes().count(b"x") >= 500_000
    lab.runtime.delete("deaf")
