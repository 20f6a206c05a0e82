"""TCP connections that a halt ends: while they are made, and while they are used."""

import contextlib
import errno
import os
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from labkit.builder.halt import Halt


def dial(
    halt: Halt, stack: ExitStack, address: tuple[str, int], seconds: float
) -> socket.socket:
    """Connect to the first of a host's addresses that answers.

    Args:
        stack: until it is closed, the halt hangs up on the connection, also when it
            has become a TLS one meanwhile.
        seconds: how long each address has, and later whatever is waited for.

    Raises:
        OSError: no address answers, or the halt came.
    """
    connection = _first_to_answer(halt, address, seconds)
    connection.settimeout(seconds)
    # Another handle on it: TLS takes the first one for itself.
    handle = stack.enter_context(connection.dup())
    stack.enter_context(halt.ended_by(partial(_hang_up, handle)))
    return connection


def _first_to_answer(
    halt: Halt, address: tuple[str, int], seconds: float
) -> socket.socket:
    problem = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, where in found:
        with ExitStack() as failed:
            connection = failed.enter_context(socket.socket(family, kind, protocol))
            try:
                _connect(halt, connection, where, seconds)
            except OSError as error:
                problem = error
                if error.errno == errno.ECANCELED:
                    break
            else:
                failed.pop_all()
                return connection
    raise problem


def _connect(
    halt: Halt, connection: socket.socket, where: tuple[object, ...], seconds: float
) -> None:
    connection.setblocking(False)
    result = connection.connect_ex(where)
    if result == errno.EINPROGRESS:
        with _waker(halt) as wake:
            poll = select.poll()
            poll.register(wake, select.POLLIN)
            poll.register(connection, select.POLLOUT)
            ready = [fd for fd, _ in poll.poll(seconds * 1000)]
        if wake in ready:
            result = errno.ECANCELED
        elif ready:
            result = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        else:
            result = errno.ETIMEDOUT
    if result:
        raise OSError(result, os.strerror(result))


@contextmanager
def _waker(halt: Halt) -> Iterator[int]:
    """Give an eventfd that can be read as soon as the halt has come."""
    wake = os.eventfd(0)
    try:
        with halt.ended_by(partial(os.eventfd_write, wake, 1)):
            yield wake
    finally:
        os.close(wake)


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other end has closed it already
        connection.shutdown(socket.SHUT_RDWR)
