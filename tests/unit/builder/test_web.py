"""Web servers that answer, and one that a halt hangs up on."""

import socket
import threading
from collections.abc import Iterator
from urllib.error import URLError

import pytest

from labkit.builder.halt import Halt
from labkit.builder.web import open_url


def test_gives_the_answer(url: str) -> None:
    with open_url(f"{url}/x", Halt()) as answer:
        assert answer.read() == b"from elsewhere"


@pytest.mark.parametrize("address", ["nonsense", "ftp://h/x", "file:///etc/passwd"])
def test_opens_nothing_but_http(address: str) -> None:
    with pytest.raises((OSError, ValueError)), open_url(address, Halt()):
        pass


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])
def test_a_halt_hangs_up_on_who_says_no_more(
    silent: socket.socket, said: bytes
) -> None:
    halt = Halt()

    def serve() -> None:
        client, _ = silent.accept()
        with client:
            client.recv(1000)
            client.sendall(said)
            halt.stop()
            assert client.recv(1) == b""  # it was hung up

    server = threading.Thread(target=serve)
    server.start()
    address = f"http://{_address(silent)}/x"
    try:
        with open_url(address, halt) as answer:
            assert answer.read1(100) == b""
    except OSError:
        assert not said
    server.join()


def test_a_halt_hangs_up_on_who_never_greets_back(silent: socket.socket) -> None:
    halt = Halt()

    def serve() -> None:
        client, _ = silent.accept()
        with client:
            assert client.recv(1) == b"\x16"  # a TLS handshake
            halt.stop()
            while client.recv(1000):  # until it is hung up
                pass

    server = threading.Thread(target=serve)
    server.start()
    with pytest.raises(URLError), open_url(f"https://{_address(silent)}/x", halt):
        pass
    server.join()


def _address(listener: socket.socket) -> str:
    return "127.0.0.1:{1}".format(*listener.getsockname())
