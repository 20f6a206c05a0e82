"""Link messages, held against pyroute2's encoder and decoder."""

import errno

from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from labkit.kernel.netlink.codec import Message, encode, pack_message
from labkit.kernel.netlink.links import (
    IFINFOMSG,
    LINK,
    UP,
    create_bridge,
    create_veth,
    delete_link,
    isolate_port,
    leave_bridge,
    read_link,
)


def decoded(message: Message) -> ifinfmsg:
    """Read our bytes with somebody else's eyes."""
    other = ifinfmsg(pack_message(message))
    other.decode()
    return other


def test_a_bridge_is_made_up_and_with_its_address() -> None:
    message = decoded(create_bridge("br-abc", "02:42:01:02:03:04", 1400).message)
    assert message["flags"] == UP
    assert message.get_attr("IFLA_IFNAME") == "br-abc"
    assert message.get_attr("IFLA_MTU") == 1400
    assert message.get_attr("IFLA_ADDRESS") == "02:42:01:02:03:04"
    assert message.get_attr("IFLA_LINKINFO").get_attr("IFLA_INFO_KIND") == "bridge"


def test_a_veth_pair_names_its_peer_and_the_peers_namespace() -> None:
    request = create_veth(
        "veth1", "eth0", 7, mtu=1450, master=12, peer_mac="02:42:ac:11:00:02"
    )
    message = decoded(request.message)
    assert message.get_attr("IFLA_MASTER") == 12
    info = message.get_attr("IFLA_LINKINFO")
    peer = info.get_attr("IFLA_INFO_DATA").get_attr("VETH_INFO_PEER")
    assert peer.get_attr("IFLA_IFNAME") == "eth0"
    assert peer.get_attr("IFLA_MTU") == 1450
    assert peer.get_attr("IFLA_ADDRESS") == "02:42:ac:11:00:02"
    assert peer.get_attr("IFLA_NET_NS_FD") == 7
    # An end that is up before it has a partner is refused with ENOTCONN.
    assert peer["flags"] == 0


def test_the_purpose_names_the_object_for_the_error_text() -> None:
    assert create_bridge("br0", "02:42:01:02:03:04", 1500).purpose == (
        "create bridge 'br0'"
    )
    assert delete_link("veth1").purpose == "delete 'veth1'"


def test_a_port_is_isolated_and_taken_off_by_name() -> None:
    away = decoded(leave_bridge("veth1", tolerate=(errno.ENODEV,)).message)
    assert away.get_attr("IFLA_IFNAME") == "veth1"
    assert away.get_attr("IFLA_MASTER") == 0
    message = decoded(isolate_port("veth1").message)
    info = message.get_attr("IFLA_LINKINFO")
    port = info.get_attr("IFLA_INFO_SLAVE_DATA")
    assert port.get_attr("IFLA_BRPORT_ISOLATED") == 1


def test_reads_what_the_kernel_says_of_a_link() -> None:
    body = IFINFOMSG.pack(0, 1, 9, UP, 0) + encode(
        LINK,
        {
            "ifname": "veth9",
            "mtu": 1500,
            "address": "02:42:ac:11:00:09",
            "master": 3,
            "peer_index": 2,
            "linkinfo": {"kind": "veth"},
        },
    )
    link = read_link(Message(16, 0, body))
    assert (link.index, link.name, link.kind) == (9, "veth9", "veth")
    assert (link.mtu, link.mac, link.up) == (1500, "02:42:ac:11:00:09", True)
    assert (link.master, link.peer_index) == (3, 2)
