"""How questions to 127.0.0.11:53 find a server that isn't there."""

from labkit.network.dns_sockets import dns_rules


def test_each_protocol_has_a_port_of_its_own() -> None:
    udp, tcp = dns_rules(40001, 40002)
    assert udp.text == (
        "ip daddr 127.0.0.11 udp dport 53 counter dnat to 127.0.0.11:40001"
    )
    assert tcp.text.endswith("tcp dport 53 counter dnat to 127.0.0.11:40002")
    assert (40001).to_bytes(2) in udp.expressions
    assert (40002).to_bytes(2) in tcp.expressions
    assert {udp.chain, tcp.chain} == {"output"}
