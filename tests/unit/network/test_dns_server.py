"""A container's name server over loopback sockets."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dnslib import RCODE, DNSRecord

from labkit.network.dns import make_table
from labkit.network.dns_server import DnsContext, DnsServer
from labkit.network.forwarder import Forwarder
from labkit.network.model import Resolver
from tests.unit.network.fake_resolver import FakeResolver
from tests.unit.network.running import running_loop
from tests.waiting import wait_until

TABLE = make_table("net", {"web": [f"10.0.0.{i}" for i in range(1, 60)]}, {})


@contextmanager
def served(
    resolver: Resolver, ended: Callable[[], None] = lambda: None, pid: int = 0
) -> Iterator[tuple[str, int]]:
    """Run a server; its port is the same for UDP and TCP."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    address = udp.getsockname()
    tcp = socket.create_server(address)
    pidfd = os.pidfd_open(pid or os.getpid())
    with running_loop() as loop:
        context = DnsContext(loop, Forwarder(timeout_seconds=1), {"n": TABLE})
        made: list[DnsServer] = []
        loop.call_from_thread(
            lambda: made.append(DnsServer(context, (udp, tcp), pidfd, resolver, ended))
        )
        wait_until(lambda: made, "the server is there")
        yield address
        done = threading.Event()
        loop.call_from_thread(lambda: (made[0].close(), done.set()))
        assert done.wait(5)


def ask(address: tuple[str, int], name: str, tcp: bool = False) -> DNSRecord:
    query = DNSRecord.question(name)
    return DNSRecord.parse(query.send(*address, timeout=5, tcp=tcp))


def test_a_long_answer_is_cut_by_udp_and_whole_by_tcp() -> None:
    with served(Resolver(("n",))) as address:
        cut = ask(address, "web")
        assert cut.header.tc == 1
        whole = ask(address, "web", tcp=True)
        assert len(whole.rr) == 59


def test_the_order_changes_from_question_to_question() -> None:
    with served(Resolver(("n",))) as address:
        firsts = {str(ask(address, "web", tcp=True).rr[0].rdata) for _ in range(12)}
    assert len(firsts) > 1  # by chance all the same once in 59 ** 11


def test_other_names_are_asked_outside() -> None:
    with (
        FakeResolver() as outside,
        served(Resolver(("n",), (outside.address,))) as address,
    ):
        for tcp in (False, True):
            found = ask(address, "outside.example", tcp)
            assert str(found.rr[0].rdata) == "203.0.113.7"
        missing = ask(address, "nosuch.example")
        assert missing.header.rcode == RCODE.NXDOMAIN


def test_without_anybody_outside_other_names_fail() -> None:
    with served(Resolver(("n",))) as address:
        assert ask(address, "outside.example").header.rcode == RCODE.SERVFAIL


def test_a_network_the_container_is_not_in_is_unknown() -> None:
    with served(Resolver(("another",))) as address:
        assert ask(address, "web").header.rcode == RCODE.SERVFAIL


def test_garbage_is_a_format_error_and_the_server_goes_on() -> None:
    with served(Resolver(("n",))) as address:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            sock.sendto(b"\x01\x02" + b"\xff" * 3, address)
            sock.sendto(b"\x12\x34" + bytes(14), address)
            assert sock.recv(100)[:2] == b"\x12\x34"
        assert ask(address, "web").header.tc == 1


def test_two_questions_on_one_connection_are_both_answered() -> None:
    with served(Resolver(("n",))) as address:
        query = bytes(DNSRecord.question("web").pack())
        framed = len(query).to_bytes(2, "big") + query
        with socket.create_connection(address, 5) as sock:
            sock.sendall(framed + framed[:5])
            first = read_answer(sock)
            sock.sendall(framed[5:])
            assert len(read_answer(sock).rr) == len(first.rr) == 59


def read_answer(sock: socket.socket) -> DNSRecord:
    length = int.from_bytes(sock.recv(2, socket.MSG_WAITALL), "big")
    return DNSRecord.parse(sock.recv(length, socket.MSG_WAITALL))


def test_the_end_of_the_container_is_noticed() -> None:
    process = subprocess.Popen(["sleep", "100"])
    ended = threading.Event()
    with served(Resolver(("n",)), ended.set, process.pid):
        assert not ended.is_set()
        process.kill()
        process.wait()
        assert ended.wait(5)
