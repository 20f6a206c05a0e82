"""Connections to who answers, to who refuses, and to who says nothing at all."""

import errno
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from labkit.builder.dial import dial
from labkit.builder.halt import Halt
from tests.waiting import wait_until

_PATIENCE = 60.0


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.fixture
def full() -> Iterator[tuple[str, int]]:
    """Give the address of one whose queue is full: the kernel drops who knocks."""
    with ExitStack() as made:
        listener = made.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(10):
            knocking = made.enter_context(socket.socket())
            knocking.setblocking(False)
            knocking.connect_ex(address)
            if not select.select([], [knocking], [], 0)[1]:
                break
        else:
            pytest.fail("everybody was let in")
        yield address


def test_connects_to_who_answers(stack: ExitStack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with dial(Halt(), stack, address, _PATIENCE) as connection:
            assert connection.gettimeout() == _PATIENCE
            assert connection.getpeername() == address


def test_says_that_nobody_is_there(stack: ExitStack) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError, match="Connection refused"):
            dial(Halt(), stack, nobody.getsockname(), _PATIENCE)


def test_gives_up_in_time(full: tuple[str, int], stack: ExitStack) -> None:
    with pytest.raises(TimeoutError, match="timed out"):
        dial(Halt(), stack, full, 0.01)


def test_a_halt_ends_the_wait_for_an_answer(
    full: tuple[str, int], stack: ExitStack
) -> None:
    halt = Halt()
    ended: list[int | None] = []

    def work() -> None:
        with pytest.raises(OSError, match="canceled") as raised:
            dial(halt, stack, full, _PATIENCE)
        ended.append(raised.value.errno)

    worker = threading.Thread(target=work)
    worker.start()
    wait_until(lambda: halt._ends, "it waits")
    halt.stop()
    worker.join(10)
    assert ended == [errno.ECANCELED]


def test_a_halt_that_came_before_lets_nobody_wait(
    full: tuple[str, int], stack: ExitStack
) -> None:
    halt = Halt()
    halt.stop()
    with pytest.raises(OSError, match="canceled"):
        dial(halt, stack, full, _PATIENCE)


def test_a_halt_hangs_up_on_a_connection_that_somebody_took_over(
    stack: ExitStack,
) -> None:
    halt = Halt()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = dial(halt, stack, listener.getsockname(), _PATIENCE)
        taken = socket.socket(fileno=connection.detach())  # as TLS does
        with taken, listener.accept()[0] as other:
            halt.stop()
            assert other.recv(1) == b""
