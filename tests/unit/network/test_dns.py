"""What the name server answers, without any socket."""

import pytest
from dnslib import EDNS0, QTYPE, RCODE, DNSQuestion, DNSRecord
from hypothesis import given
from hypothesis import strategies as st

from labkit.network.dns import (
    NameTable,
    answer_locally,
    fit_for_udp,
    make_table,
    parse_query,
    refuse,
    refuse_garbage,
    reversed_address,
    with_links,
)

FRONT = make_table(
    "Front",
    {"Web": ("172.20.0.2", "172.20.0.3", "fd00::2"), "only4": ("172.20.0.4",)},
    {"172.20.0.2": "web.front", "fd00::2": "web.front"},
)
BACK = make_table("back", {"web": ("172.21.0.2",), "db": ("172.21.0.3",)}, {})


def ask(name: str, kind: str = "A", *tables: NameTable) -> DNSRecord | None:
    query = DNSRecord.question(name, kind)
    return answer_locally(query, tables or (FRONT, BACK), list)


def addresses(reply: DNSRecord | None) -> list[str]:
    assert reply is not None
    return [str(answer.rdata) for answer in reply.rr]


def test_a_name_has_all_its_addresses_of_the_kind_asked_for() -> None:
    assert addresses(ask("web")) == ["172.20.0.2", "172.20.0.3"]
    assert addresses(ask("web", "AAAA")) == ["fd00::2"]


@pytest.mark.parametrize("name", ["WEB", "web.", "web.front", "WEB.FRONT."])
def test_names_are_found_however_they_are_written(name: str) -> None:
    assert addresses(ask(name)) == ["172.20.0.2", "172.20.0.3"]


def test_the_first_network_that_knows_a_name_answers() -> None:
    assert addresses(ask("web", "A", BACK, FRONT)) == ["172.21.0.2"]
    assert addresses(ask("web.back")) == ["172.21.0.2"]


def test_a_known_name_without_such_an_address_is_an_empty_answer() -> None:
    reply = ask("only4", "AAAA")
    assert addresses(reply) == []
    assert reply is not None
    assert reply.header.rcode == RCODE.NOERROR


def test_an_unknown_name_is_somebody_elses_to_answer() -> None:
    assert ask("nosuch") is None
    assert ask("db.front") is None
    assert ask("4.0.20.172.in-addr.arpa", "PTR") is None


def test_addresses_have_names() -> None:
    assert addresses(ask("2.0.20.172.in-addr.arpa", "PTR")) == ["web.front."]
    nibbles = "fd000000000000000000000000000002"
    name = ".".join(reversed(nibbles)) + ".ip6.arpa"
    assert addresses(ask(name, "PTR")) == ["web.front."]


def test_reverse_names_of_both_families_are_read() -> None:
    assert reversed_address("2.0.18.172.in-addr.arpa") == "172.18.0.2"
    nibbles = "fd000000000000000000000000000002"
    name = ".".join(reversed(nibbles)) + ".ip6.arpa"
    assert reversed_address(name) == "fd00::2"
    assert reversed_address("zz.ip6.arpa") == ""
    assert reversed_address("example.org") == ""


def test_the_answer_echoes_id_and_question() -> None:
    query = DNSRecord.question("web")
    reply = answer_locally(query, (FRONT,), list)
    assert reply is not None
    assert reply.header.id == query.header.id
    assert reply.q == query.q
    assert (reply.header.qr, reply.header.ra, reply.header.aa) == (1, 1, 0)


def test_the_order_is_whatever_rotate_says() -> None:
    query = DNSRecord.question("web")
    reply = answer_locally(query, (FRONT,), lambda found: list(reversed(found)))
    assert addresses(reply) == ["172.20.0.3", "172.20.0.2"]


def many(count: int) -> tuple[DNSRecord, DNSRecord]:
    table = make_table(
        "net", {"many": [f"10.0.{i // 250}.{i % 250}" for i in range(count)]}, {}
    )
    query = DNSRecord.question("many")
    reply = answer_locally(query, (table,), list)
    assert reply is not None
    return query, reply


def test_an_answer_that_does_not_fit_is_cut_and_says_so() -> None:
    query, reply = many(60)
    data = fit_for_udp(reply, query)
    assert len(data) <= 512
    assert DNSRecord.parse(data).header.tc == 1


def test_an_asker_that_takes_more_gets_more() -> None:
    query, reply = many(60)
    query.add_ar(EDNS0(udp_len=4096))
    data = fit_for_udp(reply, query)
    assert DNSRecord.parse(data).header.tc == 0
    assert len(DNSRecord.parse(data).rr) == 60


def test_refusals_carry_their_code() -> None:
    reply = DNSRecord.parse(refuse(DNSRecord.question("x"), "SERVFAIL"))
    assert reply.header.rcode == RCODE.SERVFAIL


def test_an_answer_is_no_question() -> None:
    reply = DNSRecord(q=DNSQuestion("web", QTYPE.A))
    reply.header.qr = 1
    assert parse_query(bytes(reply.pack())) is None
    assert refuse_garbage(bytes(reply.pack())) is None


def test_garbage_with_an_id_is_a_format_error() -> None:
    data = refuse_garbage(b"\x12\x34" + bytes(20))
    assert data is not None
    reply = DNSRecord.parse(data)
    assert (reply.header.id, reply.header.rcode) == (0x1234, RCODE.FORMERR)
    assert refuse_garbage(b"short") is None


@given(st.binary(max_size=100))
def test_no_bytes_break_the_server(data: bytes) -> None:
    query = parse_query(data)
    if query is not None:
        answer_locally(query, (FRONT,), list)
    else:
        refuse_garbage(data)


def test_a_link_is_a_name_for_its_asker_only() -> None:
    mine = with_links(FRONT, {"Bar": "WEB", "lost": "nobody"})
    for name in ("bar", "bar.front", "BAR"):
        assert addresses(ask(name, "A", mine)) == ["172.20.0.2", "172.20.0.3"]
    assert addresses(ask("web", "A", mine)) == ["172.20.0.2", "172.20.0.3"]
    assert ask("lost", "A", mine) is None
    assert ask("bar", "A", FRONT) is None
    assert with_links(FRONT, {}) is FRONT
