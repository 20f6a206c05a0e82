"""netd's verbs, in a loop of the test's own and in no namespace but the test's."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.network.forwarder import Forwarder
from labkit.network.loop import Loop
from labkit.network.messages import (
    Names,
    RelayedPort,
    Request,
    Verb,
    receive_answer,
    send_record,
)
from labkit.network.model import Network, Resolver
from labkit.network.netd import Door, Netd


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def netd(loop: Loop) -> Iterator[Netd]:
    with open(os.devnull, "rb") as namespace:
        yield Netd(loop, Forwarder(), namespace.fileno())


def dns_files() -> list[int]:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    tcp = socket.create_server(("127.0.0.1", 0))
    return [udp.detach(), tcp.detach(), os.pidfd_open(os.getpid())]


def test_hello_tells_everything_that_is_held(netd: Netd) -> None:
    network = Network("n", "net", "bridge")
    names = Names("n", "net", {"web": ("10.0.0.2",)})
    resolver = Resolver(("n",))
    port = RelayedPort("tcp", "127.0.0.1", 1, "127.0.0.1", 1)
    listener = socket.create_server(("127.0.0.1", 0))
    netd.obey(Request(Verb.NETWORKS, networks=(network,)), [])
    netd.obey(Request(Verb.NAMES, names=names), [])
    dns = Request(Verb.SERVE_DNS, container_id="c", resolver=resolver)
    netd.obey(dns, dns_files())
    relay = Request(Verb.RELAY, container_id="c", ports=(port,))
    netd.obey(relay, [listener.detach()])
    answer, fds = netd.obey(Request(Verb.HELLO), [])
    assert (answer.networks, answer.names) == ((network,), (names,))
    assert answer.relayed == {"c": (port,)}
    assert answer.resolvers == {"c": resolver}
    assert (answer.pid, len(fds)) == (os.getpid(), 1)
    netd.obey(Request(Verb.STOP_DNS, container_id="c"), [])
    netd.obey(Request(Verb.STOP_RELAY, container_id="c"), [])
    answer, _ = netd.obey(Request(Verb.HELLO), [])
    assert (answer.relayed, answer.resolvers) == ({}, {})


def test_a_networks_names_go_with_it(netd: Netd) -> None:
    netd.obey(Request(Verb.NAMES, names=Names("n", "net")), [])
    netd.obey(Request(Verb.NETWORKS), [])
    answer, _ = netd.obey(Request(Verb.HELLO), [])
    assert answer.names == ()


def test_stopping_what_is_not_there_is_fine(netd: Netd) -> None:
    for verb in (Verb.STOP_DNS, Verb.STOP_RELAY):
        answer, _ = netd.obey(Request(verb, container_id="nobody"), [])
        assert answer.error == ""


def test_files_of_a_refused_request_are_closed(netd: Netd) -> None:
    (fd, *rest) = dns_files()
    for extra in rest:
        os.close(extra)
    request = Request(Verb.SERVE_DNS, container_id="c", resolver=Resolver(()))
    answer, _ = netd.obey(request, [fd])
    assert answer.error == "3 files wanted, 1 given"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_a_new_resolver_needs_no_files(netd: Netd) -> None:
    first = Request(Verb.SERVE_DNS, container_id="c", resolver=Resolver(("n",)))
    second = Request(Verb.SERVE_DNS, container_id="c", resolver=Resolver(("m",)))
    assert netd.obey(second, [])[0].error != ""  # nobody is served yet
    netd.obey(first, dns_files())
    assert netd.obey(second, [])[0].error == ""
    answer, _ = netd.obey(Request(Verb.HELLO), [])
    assert answer.resolvers["c"] == Resolver(("m",))
    netd.obey(Request(Verb.STOP_DNS, container_id="c"), [])


def test_a_guest_with_bad_manners_is_shown_out(
    loop: Loop, netd: Netd, tmp_path: Path
) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(f"\0labkit-test-{os.getpid()}")
    listener.listen(2)
    door = Door(loop, netd, listener, tmp_path)
    name = listener.getsockname()
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as rude,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as polite,
    ):
        rude.connect(name)
        rude.send(b"not json")
        polite.connect(name)
        send_record(polite, Request(Verb.HELLO))
        send_record(polite, Request(Verb.QUIT))
        loop.run()
        assert rude.recv(10) == b""
        answer, fds = receive_answer(polite)
        assert answer.pid == os.getpid()
        os.close(fds[0])
        door.close()
