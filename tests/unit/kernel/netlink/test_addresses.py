"""Address messages, held against pyroute2's decoder."""

import errno
import socket

from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg

from labkit.kernel.netlink.addresses import IFA, IFADDRMSG, add_address, read_address
from labkit.kernel.netlink.codec import Message, encode, pack_message


def decoded(message: Message) -> ifaddrmsg:
    other = ifaddrmsg(pack_message(message))
    other.decode()
    return other


def test_an_ipv4_address_comes_with_its_broadcast_address() -> None:
    message = decoded(add_address(5, "172.18.0.2", 16).message)
    assert (message["family"], message["prefixlen"]) == (socket.AF_INET, 16)
    assert message["index"] == 5
    assert message.get_attr("IFA_LOCAL") == "172.18.0.2"
    assert message.get_attr("IFA_BROADCAST") == "172.18.255.255"


def test_a_point_to_point_address_has_no_broadcast_address() -> None:
    message = decoded(add_address(5, "10.0.0.0", 31).message)
    assert message.get_attr("IFA_BROADCAST") is None


def test_an_ipv6_address_is_usable_at_once() -> None:
    message = decoded(add_address(5, "fd00::2", 64).message)
    assert message["family"] == socket.AF_INET6
    assert message["flags"] & 0x02  # IFA_F_NODAD


def test_an_address_that_is_there_already_is_fine() -> None:
    assert errno.EEXIST in add_address(5, "10.0.0.1", 24).tolerate


def test_reads_an_address_of_either_family() -> None:
    for family, values, text in (
        (2, {"address": "10.0.0.9", "local": "10.0.0.1"}, "10.0.0.1/24"),
        (10, {"address": "fd00::1"}, "fd00::1/24"),
    ):
        body = IFADDRMSG.pack(family, 24, 0, 0, 3) + encode(IFA, values)
        found = read_address(Message(20, 0, body))
        assert (found.index, found.text) == (3, text)
