"""Netlink sockets against the kernel: batches, refusals, dumps."""

import errno
from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit.kernel.netlink.addresses import add_address
from labkit.kernel.netlink.links import (
    create_bridge,
    delete_link,
    get_link,
    list_links,
)
from labkit.kernel.netlink.transport import NETLINK_ROUTE, NetlinkError
from tests.system.netlink.namespaces import namespace

pytestmark = pytest.mark.root

MAC = "02:42:00:00:00:01"


def test_a_refusal_names_operation_object_and_reason() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:
        with pytest.raises(NetlinkError) as caught:
            netlink.change(delete_link("br-nosuch"))
        assert caught.value.errno == errno.ENODEV
        assert str(caught.value.strerror).startswith(
            "cannot delete 'br-nosuch': no such device"
        )


def test_a_batch_goes_on_after_a_refusal_and_the_socket_stays_in_step() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:
        with pytest.raises(NetlinkError, match="nosuch"):
            netlink.change(
                create_bridge("br1", MAC, 1500),
                delete_link("nosuch"),
                create_bridge("br2", MAC, 1500),
            )
        assert {link.name for link in list_links(netlink)} == {"lo", "br1", "br2"}
        netlink.change()  # an empty batch is fine
        assert get_link(netlink, "br2").kind == "bridge"


def test_what_may_be_refused_is_tolerated() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:
        netlink.change(delete_link("nosuch", tolerate=(errno.ENODEV,)))
        netlink.change(create_bridge("br1", MAC, 1500))
        index = get_link(netlink, "br1").index
        for _ in range(2):
            netlink.change(add_address(index, "10.9.0.1", 24))


def test_one_socket_serves_many_threads() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:

        def work(number: int) -> str:
            netlink.change(create_bridge(f"br{number}", MAC, 1500))
            list_links(netlink)
            return get_link(netlink, f"br{number}").name

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(work, range(12))) == [f"br{n}" for n in range(12)]


def test_a_long_list_comes_whole() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:
        netlink.change(*(create_bridge(f"b{n}", MAC, 1500) for n in range(60)))
        assert len(list_links(netlink)) == 61
