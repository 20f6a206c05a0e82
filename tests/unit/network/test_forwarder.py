"""Asking the host's resolvers."""

from queue import SimpleQueue

import pytest
from dnslib import RCODE, DNSRecord

from labkit.network.forwarder import Forwarder, split_server
from tests.unit.network.fake_resolver import FakeResolver

SILENT = "127.0.0.1#1"  # nobody is there: refused at once


def ask(
    servers: list[str], name: str = "outside.example", by_tcp: bool = False
) -> DNSRecord | None:
    answers: SimpleQueue[bytes | None] = SimpleQueue()
    query = bytes(DNSRecord.question(name).pack())
    Forwarder(timeout_seconds=2).ask(query, servers, by_tcp, answers.put)
    data = answers.get(timeout=10)
    return DNSRecord.parse(data) if data else None


@pytest.mark.parametrize("by_tcp", [False, True])
def test_passes_on_the_resolvers_answer(by_tcp: bool) -> None:
    with FakeResolver() as resolver:
        answer = ask([resolver.address], by_tcp=by_tcp)
    assert answer is not None
    assert str(answer.rr[0].rdata) == "203.0.113.7"
    assert resolver.asked == [f"{'tcp' if by_tcp else 'udp'} outside.example"]


def test_asks_the_next_one_when_the_first_is_not_there() -> None:
    with FakeResolver() as resolver:
        assert ask([SILENT, resolver.address]) is not None


def test_asks_the_next_one_when_the_first_failed() -> None:
    with FakeResolver("SERVFAIL") as failing, FakeResolver() as resolver:
        answer = ask([failing.address, resolver.address], "nosuch.example")
    assert answer is not None
    assert answer.header.rcode == RCODE.NXDOMAIN


def test_a_failure_is_an_answer_when_nobody_has_a_better_one() -> None:
    with FakeResolver("REFUSED") as failing:
        answer = ask([failing.address, SILENT], "nosuch.example")
    assert answer is not None
    assert answer.header.rcode == RCODE.REFUSED


def test_nobody_there_is_no_answer() -> None:
    assert ask([SILENT]) is None
    assert ask([]) is None


def test_servers_may_have_a_port() -> None:
    assert split_server("10.0.0.53") == ("10.0.0.53", 53)
    assert split_server("fe80::1") == ("fe80::1", 53)
    assert split_server("127.0.0.1#5353") == ("127.0.0.1", 5353)
