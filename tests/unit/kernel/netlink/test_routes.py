"""Route messages, held against pyroute2's decoder."""

import socket

from pyroute2.netlink.rtnl.rtmsg import rtmsg

from labkit.kernel.netlink.codec import Message, encode, pack_message
from labkit.kernel.netlink.routes import (
    RTA,
    RTMSG,
    Route,
    add_route,
    delete_route,
    read_route,
)


def decoded(message: Message) -> rtmsg:
    other = rtmsg(pack_message(message))
    other.decode()
    return other


def test_the_default_route_has_no_destination() -> None:
    message = decoded(add_route("0.0.0.0/0", "172.18.0.1", 2).message)
    assert message["dst_len"] == 0
    assert message.get_attr("RTA_DST") is None
    assert message.get_attr("RTA_GATEWAY") == "172.18.0.1"
    assert message.get_attr("RTA_OIF") == 2


def test_a_subnets_route_says_where_it_leads() -> None:
    message = decoded(add_route("172.18.0.0/16", "10.0.0.2").message)
    assert (message["dst_len"], message["table"]) == (16, 254)
    assert message.get_attr("RTA_DST") == "172.18.0.0"
    assert message.get_attr("RTA_PRIORITY") is None


def test_a_route_may_be_the_last_choice() -> None:
    message = decoded(add_route("172.18.0.0/16", "10.0.0.2", metric=0xFFFFFFFF).message)
    assert message.get_attr("RTA_PRIORITY") == 0xFFFFFFFF


def test_ipv6_routes_say_so() -> None:
    message = decoded(delete_route("::/0", "fd00::1").message)
    assert message["family"] == socket.AF_INET6


def test_reads_rows_of_the_main_table_only() -> None:
    def row(table: int, kind: int) -> Message:
        header = RTMSG.pack(2, 16, 0, 0, table, 4, 0, kind, 0)
        values = {"destination": "172.18.0.0", "gateway": "10.0.0.2", "interface": 4}
        return Message(24, 0, header + encode(RTA, values))

    assert read_route(row(254, 1)) == Route("172.18.0.0/16", "10.0.0.2", 4)
    assert read_route(row(255, 1)) is None  # the local table
    assert read_route(row(254, 3)) is None  # a broadcast route


def test_reads_the_default_route() -> None:
    header = RTMSG.pack(2, 0, 0, 0, 254, 4, 0, 1, 0)
    found = read_route(Message(24, 0, header + encode(RTA, {"gateway": "10.0.0.1"})))
    assert found == Route("0.0.0.0/0", "10.0.0.1", 0)
