"""Relays over loopback: both directions, half close, slow readers, refusals."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from labkit.network.loop import Loop
from labkit.network.relay import TcpRelay, UdpRelay
from tests.unit.network.running import running_loop
from tests.waiting import wait_until

DEADLINE = 10


def tcp_listener() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(DEADLINE)
    return listener


@contextmanager
def relayed(loop: Loop, target: tuple[str, int]) -> Iterator[socket.socket]:
    """Give a client that is connected to a target through a relay."""
    door = tcp_listener()
    address = door.getsockname()
    relays: list[TcpRelay] = []
    loop.call_from_thread(lambda: relays.append(TcpRelay(loop, door, target)))
    wait_until(lambda: relays, "the relay is there")
    with socket.create_connection(address, DEADLINE) as client:
        yield client
    done = threading.Event()
    loop.call_from_thread(lambda: (relays[0].close(), done.set()))
    assert done.wait(DEADLINE)


def read_all(sock: socket.socket) -> bytes:
    data = b""
    while piece := sock.recv(1 << 20):
        data += piece
    return data


def test_bytes_go_both_ways() -> None:
    with (
        running_loop() as loop,
        tcp_listener() as server,
        relayed(loop, server.getsockname()) as client,
    ):
        inside, _ = server.accept()
        with inside:
            client.sendall(b"question")
            assert inside.recv(100) == b"question"
            inside.sendall(b"answer")
            assert client.recv(100) == b"answer"


def test_a_half_close_is_passed_on_and_the_answer_still_comes() -> None:
    with (
        running_loop() as loop,
        tcp_listener() as server,
        relayed(loop, server.getsockname()) as client,
    ):
        inside, _ = server.accept()
        with inside:
            client.sendall(b"all I have")
            client.shutdown(socket.SHUT_WR)
            assert read_all(inside) == b"all I have"
            inside.sendall(b"then here you are")
            inside.shutdown(socket.SHUT_WR)
            assert read_all(client) == b"then here you are"


def test_a_slow_reader_loses_nothing() -> None:
    payload = bytes(range(256)) * (1 << 15)  # 8 MiB: more than all buffers hold
    with (
        running_loop() as loop,
        tcp_listener() as server,
        relayed(loop, server.getsockname()) as client,
    ):
        inside, _ = server.accept()
        with inside:

            def send() -> None:
                inside.sendall(payload)
                inside.shutdown(socket.SHUT_WR)

            sender = threading.Thread(target=send)
            sender.start()
            assert read_all(client) == payload
            sender.join(DEADLINE)


def test_a_refused_connection_ends_the_clients() -> None:
    with tcp_listener() as nobody:
        address = nobody.getsockname()
    with running_loop() as loop, relayed(loop, address) as client:
        assert client.recv(1) == b""


def test_a_reset_inside_is_seen_outside() -> None:
    with (
        running_loop() as loop,
        tcp_listener() as server,
        relayed(loop, server.getsockname()) as client,
    ):
        inside, _ = server.accept()
        inside.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        inside.close()  # linger 0: a reset
        with suppress(ConnectionResetError):
            assert client.recv(1) == b""


@pytest.fixture
def echo() -> Iterator[socket.socket]:
    """A UDP server that answers with what it got, in capitals."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            data, client = server.recvfrom(100)
            if data == b"stop":
                return
            server.sendto(data.upper(), client)

    thread = threading.Thread(target=serve)
    thread.start()
    yield server
    server.sendto(b"stop", server.getsockname())
    thread.join(DEADLINE)
    server.close()


def udp_client(address: tuple[str, int]) -> socket.socket:
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(DEADLINE)
    client.connect(address)
    return client


def test_each_udp_client_has_its_own_flow(echo: socket.socket) -> None:
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    address = door.getsockname()
    relays: list[UdpRelay] = []
    with running_loop() as loop:
        loop.call_from_thread(
            lambda: relays.append(UdpRelay(loop, door, echo.getsockname()))
        )
        with udp_client(address) as one, udp_client(address) as other:
            one.send(b"one")
            other.send(b"other")
            assert one.recv(100) == b"ONE"
            assert other.recv(100) == b"OTHER"
            assert relays[0].flow_count == 2
        loop.call_from_thread(relays[0].close)
        wait_until(lambda: relays[0].flow_count == 0, "the flows are closed")


def test_an_idle_udp_flow_goes_away(echo: socket.socket) -> None:
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    address = door.getsockname()
    relays: list[UdpRelay] = []
    with running_loop() as loop:
        loop.call_from_thread(
            lambda: relays.append(
                UdpRelay(loop, door, echo.getsockname(), idle_seconds=0.01)
            )
        )
        with udp_client(address) as client:
            client.send(b"one")
            assert client.recv(100) == b"ONE"
            wait_until(lambda: relays[0].flow_count == 0, "the flow has gone")
            client.send(b"again")  # and comes back when it is needed
            assert client.recv(100) == b"AGAIN"
        loop.call_from_thread(relays[0].close)
