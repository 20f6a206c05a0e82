"""An ssh agent's socket as a command sees it: with an owner and a mode of its own.

An agent talks to its owner and to root only, whoever may write to its socket. So what
a command says to the socket that it is given is handed on by the engine.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PIECE_BYTES = 1 << 16


@contextmanager
def relayed(agent: Path, place: Path) -> Iterator[None]:
    """Listen at a place, and hand on to an agent what is said there."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        serving = threading.Thread(target=_serve, args=(listener, agent), daemon=True)
        serving.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept(2)
            serving.join()
            place.unlink()


def _serve(listener: socket.socket, agent: Path) -> None:
    while True:
        try:
            client = listener.accept()[0]
        except OSError:
            return  # the command has ended
        # It ends when the client hangs up, at the latest with the command.
        threading.Thread(target=_hand_on, args=(client, agent), daemon=True).start()


def _hand_on(client: socket.socket, agent: Path) -> None:
    with client, socket.socket(socket.AF_UNIX) as answering:
        try:
            answering.connect(str(agent))
            _exchange(client, answering)
        except OSError:
            return  # one of them is gone: the other is told by the end of this


def _exchange(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while selector.get_map():
            for key, _ in selector.select():
                assert isinstance(key.fileobj, socket.socket)
                if data := key.fileobj.recv(_PIECE_BYTES):
                    key.data.sendall(data)
                else:
                    selector.unregister(key.fileobj)
                    key.data.shutdown(socket.SHUT_WR)
