"""Binding published ports on loopback, with Docker's words for every failure."""

import resource
import socket
from collections.abc import Iterable

import pytest

from labkit.base.errors import InternalError
from labkit.network import ports
from labkit.network.model import Endpoint, PortBinding

HERE = "127.0.0.1"
ENDPOINT = Endpoint("e" * 64, "n", "c", ipv4="172.18.0.2")
PREFIX = "driver failed programming external connectivity on endpoint web (e): "
NOTHING: ports.Reserved = frozenset()


def free_port(count: int = 1) -> int:
    """Return the first of some ports that nobody listens on at the moment."""
    for first in range(20000, 32000, 10):
        try:
            for sock in [ports.listen("tcp", HERE, first + i) for i in range(count)]:
                sock.close()
        except OSError:
            continue
        return first
    raise AssertionError("no port is free")


def close(bound: Iterable[ports.BoundPort]) -> None:
    for one in bound:
        for _, sock in one.sockets:
            sock.close()


def test_a_port_is_bound_and_listens() -> None:
    number = free_port()
    bound = ports.bind_ports([PortBinding(80, "tcp", HERE, number)], NOTHING, "web (e)")
    socket.create_connection((HERE, number)).close()
    close(bound)


def test_a_strangers_port_is_what_the_kernel_says() -> None:
    with socket.create_server((HERE, 0)) as stranger:
        number = stranger.getsockname()[1]
        with pytest.raises(InternalError) as caught:
            ports.bind_ports([PortBinding(80, "tcp", HERE, number)], NOTHING, "web (e)")
    assert str(caught.value) == (
        f"{PREFIX}Error starting userland proxy: listen tcp4 {HERE}:{number}: bind:"
        " address already in use"
    )


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InternalError, match=r"cannot assign requested address$"):
        ports.bind_ports([PortBinding(80, "udp", "192.0.2.77", 9)], NOTHING, "web (e)")


def test_our_own_port_is_already_allocated() -> None:
    taken = frozenset({("tcp", "0.0.0.0", 8081)})
    with pytest.raises(InternalError) as caught:
        ports.bind_ports([PortBinding(80, "tcp", "", 8081)], taken, "web (e)")
    assert str(caught.value) == (
        f"{PREFIX}Bind for 0.0.0.0:8081 failed: port is already allocated"
    )


def test_the_same_number_is_free_for_the_other_protocol() -> None:
    number = free_port()
    taken = frozenset({("tcp", HERE, number)})
    close(ports.bind_ports([PortBinding(53, "udp", HERE, number)], taken, "web (e)"))


def test_all_or_none() -> None:
    number = free_port()
    wanted = [PortBinding(80, "tcp", HERE, number)] * 2
    with pytest.raises(InternalError, match="already allocated"):
        ports.bind_ports(wanted, NOTHING, "web (e)")
    close(ports.bind_ports(wanted[:1], NOTHING, "web (e)"))  # it was let go


def test_more_than_may_be_open_is_refused_before_any_is_bound() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, hard))
    try:
        wanted = [
            PortBinding(port, host_ip=HERE, host_port=port) for port in range(1, 3000)
        ]
        with pytest.raises(InternalError, match=r": bind: too many open files"):
            ports.bind_ports(wanted, NOTHING, "web (e)")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_range_gives_the_first_free_one() -> None:
    first = free_port(3)
    with socket.create_server((HERE, first)):
        taken = frozenset({("tcp", HERE, first + 1)})
        wanted = PortBinding(80, "tcp", HERE, first, first + 2)
        bound = ports.bind_ports([wanted], taken, "web (e)")
    assert bound[0].binding == PortBinding(80, "tcp", HERE, first + 2)
    close(bound)


def test_a_range_that_is_used_up_says_so() -> None:
    taken = frozenset({("tcp", HERE, 8000), ("tcp", HERE, 8001)})
    with pytest.raises(InternalError, match=r"all ports are allocated$"):
        ports.bind_ports([PortBinding(80, "tcp", HERE, 8000, 8001)], taken, "web (e)")


def test_a_random_port_comes_from_the_local_range() -> None:
    bound = ports.bind_ports([PortBinding(80, "tcp", HERE)], NOTHING, "web (e)")
    assert bound[0].binding.host_port >= 1024
    assert bound[0].sockets[0][1].getsockname()[1] == bound[0].binding.host_port
    close(bound)


def test_everywhere_is_a_socket_for_each_family() -> None:
    bound = ports.bind_ports([PortBinding(80)], NOTHING, "web (e)")
    rows = ports.rows_of(bound, ENDPOINT)
    assert [row.host_ip for row in rows] in (["0.0.0.0", "::"], ["0.0.0.0"])
    assert len({row.host_port for row in rows}) == 1
    assert {row.container_ip for row in rows} == {"172.18.0.2"}
    assert ports.bindings_of(rows)[0].host_port == rows[0].host_port
    close(bound)


def test_one_family_alone_can_be_asked_for() -> None:
    assert ports.host_addresses("0.0.0.0") == ("0.0.0.0",)
    assert ports.host_addresses("[::1]") == ("::1",)


def test_the_networks_default_address_fills_gaps_only() -> None:
    wanted = [PortBinding(80), PortBinding(81, host_ip="10.0.0.1")]
    filled = ports.with_default_address(wanted, HERE)
    assert [binding.host_ip for binding in filled] == [HERE, "10.0.0.1"]


def test_rows_that_are_there_already_are_recognised() -> None:
    wanted = [PortBinding(80, "tcp", HERE), PortBinding(53, "udp", HERE, 5300, 5310)]
    rows = [
        ports.RelayedPort("tcp", HERE, 40000, "172.18.0.2", 80),
        ports.RelayedPort("udp", HERE, 5305, "172.18.0.2", 53),
    ]
    assert ports.is_published(wanted, rows, ENDPOINT)
    assert not ports.is_published(wanted[:1], rows, ENDPOINT)
    assert not ports.is_published([], rows, ENDPOINT)
    moved = Endpoint("e" * 64, "n", "c", ipv4="172.18.0.9")
    assert not ports.is_published(wanted, rows, moved)
    fixed = [wanted[0], PortBinding(53, "udp", HERE, 5300)]
    assert not ports.is_published(fixed, rows, ENDPOINT)
