"""Engines that misbehave, each in one way, on a unix socket of their own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Handler = Callable[[socket.socket, threading.Event], None]


def answer(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    return (
        f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )


VERSION = answer("200 OK", b'{"ApiVersion": "1.47", "Version": "fake"}')
SERVER_ERROR = answer("500 Internal Server Error", b'{"message": "disk is full"}')
NOT_FOUND = answer("404 Not Found", b'{"message": "no such thing"}')


def hang(connection: socket.socket, over: threading.Event) -> None:
    """Accept, and never say a word: what a stopped process does."""
    over.wait(30)


def drip(connection: socket.socket, over: threading.Event) -> None:
    """Say a byte now and then, and never come to an end: no single read takes long."""
    connection.recv(65536)
    for byte in VERSION.replace(b"\r\n\r\n", b"\r\nX-Slow: " + b"y" * 10_000):
        connection.sendall(bytes([byte]))
        if over.wait(0.02):
            return


def garbage(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"\x00\x01 this is no HTTP\r\n\r\n")


def close(connection: socket.socket, over: threading.Event) -> None:
    """Die while asked."""
    connection.recv(65536)


def answer_then_hang(connection: socket.socket, over: threading.Event) -> None:
    """Greet, then hang at the first real question."""
    if b"/version" in connection.recv(65536):
        connection.sendall(VERSION)
    else:
        over.wait(30)


def have_nothing(connection: socket.socket, over: threading.Event) -> None:
    """An engine that stands, and has nothing at all."""
    asked = connection.recv(65536)
    if b"/version" in asked:
        connection.sendall(VERSION)
    elif b"/volumes" in asked:
        connection.sendall(answer("200 OK", b'{"Volumes": null}'))
    elif b"filters" in asked:
        connection.sendall(answer("200 OK", b"[]"))
    else:
        connection.sendall(NOT_FOUND)


def answer_with(body: bytes) -> Handler:
    """Greet, then say one thing to every question."""

    def handler(connection: socket.socket, over: threading.Event) -> None:
        asked = connection.recv(65536)
        connection.sendall(VERSION if b"/version" in asked else body)

    return handler


@contextmanager
def serving(path: Path, handler: Handler) -> Iterator[str]:
    """Serve on a unix socket; yield its address for ``DOCKER_HOST``."""
    over = threading.Event()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(16)
    threads: list[threading.Thread] = []

    def serve_one(connection: socket.socket) -> None:
        with connection:
            try:
                handler(connection, over)
            except OSError:
                return  # the grader gave up and closed its end: that is the test

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=serve_one, args=(connection,), daemon=True)
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield f"unix://{path}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [acceptor, *threads]:
            thread.join(5)
