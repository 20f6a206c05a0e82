"""Subnets and addresses: Docker's choices and Docker's words."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import ForbiddenError, InternalError, InvalidInputError
from labkit.network import ipam
from labkit.network.model import Subnet

PLAIN = Subnet("172.18.0.0/16", "172.18.0.1")


def test_the_first_default_pool_is_dockers() -> None:
    assert ipam.choose_subnet(None) == "172.17.0.0/16"


def test_a_default_keeps_clear_of_networks_and_of_the_hosts_routes() -> None:
    chosen = ipam.choose_subnet(
        None, taken=["172.17.0.0/16"], routes=["0.0.0.0/0", "172.18.4.0/24"]
    )
    assert chosen == "172.19.0.0/16"


def test_an_ipv6_route_is_no_obstacle() -> None:
    assert ipam.choose_subnet(None, routes=["fd00::/64"]) == "172.17.0.0/16"


def test_small_pools_come_after_the_large_ones() -> None:
    taken = [f"172.{second}.0.0/16" for second in range(17, 32)]
    assert ipam.choose_subnet(None, taken=taken) == "192.168.0.0/20"
    assert ipam.choose_subnet(None, taken=[*taken, "192.168.0.1/32"]) == (
        "192.168.16.0/20"
    )


def test_says_so_when_all_defaults_are_taken() -> None:
    with pytest.raises(ForbiddenError, match="non-overlapping IPv4 address pool"):
        ipam.choose_subnet(None, taken=["172.16.0.0/12", "192.168.0.0/16"])


def test_a_wanted_subnet_may_be_one_of_the_hosts() -> None:
    assert ipam.choose_subnet("10.0.0.0/8", routes=["10.0.0.0/8"]) == "10.0.0.0/8"


def test_a_wanted_subnet_must_not_overlap_another_networks() -> None:
    with pytest.raises(ForbiddenError, match=r"^Pool overlaps with other one on this"):
        ipam.choose_subnet("172.29.1.0/24", taken=["172.29.0.0/16"])


def test_host_bits_are_dropped() -> None:
    assert ipam.choose_subnet("172.33.0.5/16") == "172.33.0.0/16"


@pytest.mark.parametrize("text", ["nonsense", "172.18.0.0", "1.2.3.4/33", ""])
def test_refuses_what_is_no_subnet_in_dockers_words(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ipam.choose_subnet(text)
    assert str(caught.value) == f"Invalid subnet {text} : invalid CIDR address: {text}"


def test_the_gateway_is_the_first_address() -> None:
    assert ipam.plan_subnet("172.18.0.0/16").gateway == "172.18.0.1"


def test_the_gateway_comes_out_of_the_range_if_there_is_one() -> None:
    # A real dockerd does this: 172.29.5.0 is an ordinary address of the /16.
    planned = ipam.plan_subnet("172.29.0.0/16", "172.29.5.0/24")
    assert planned.gateway == "172.29.5.0"
    assert ipam.choose_address(planned, []) == "172.29.5.1"


def test_a_tiny_subnet_has_no_room_for_a_gateway() -> None:
    assert ipam.plan_subnet("172.36.0.0/30").gateway == "172.36.0.1"
    for subnet in ("172.34.0.0/31", "172.37.0.0/32"):
        with pytest.raises(InternalError, match=r"^failed to allocate gateway \(\):"):
            ipam.plan_subnet(subnet)


def test_gateway_range_and_auxiliary_must_lie_inside() -> None:
    with pytest.raises(InvalidInputError, match=r"for gateway 172.35.0.5"):
        ipam.plan_subnet("172.34.0.0/16", gateway="172.35.0.5")
    with pytest.raises(InvalidInputError, match=r"for range 172.35.0.0/24"):
        ipam.plan_subnet("172.34.0.0/16", "172.35.0.0/24")
    with pytest.raises(InvalidInputError, match=r"for aux-address 1.2.3.4"):
        ipam.plan_subnet("172.34.0.0/16", auxiliary={"host": "1.2.3.4"})


def test_addresses_are_handed_out_from_the_lowest() -> None:
    assert ipam.choose_address(PLAIN, []) == "172.18.0.2"
    assert ipam.choose_address(PLAIN, ["172.18.0.2", "172.18.0.4"]) == "172.18.0.3"


def test_an_auxiliary_address_is_never_handed_out() -> None:
    subnet = Subnet("10.0.0.0/29", "10.0.0.1", auxiliary={"host": "10.0.0.2"})
    assert ipam.choose_address(subnet, []) == "10.0.0.3"


def test_a_full_subnet_says_so() -> None:
    with pytest.raises(ForbiddenError, match="no available IPv4 addresses"):
        ipam.choose_address(Subnet("10.0.0.0/30", "10.0.0.1"), ["10.0.0.2"])


@pytest.mark.parametrize(
    "wanted", ["172.18.0.9", "172.18.0.1", "172.18.0.0", "172.18.255.255"]
)
def test_a_wanted_address_may_be_taken(wanted: str) -> None:
    with pytest.raises(ForbiddenError, match=r"^Address already in use$"):
        ipam.choose_address(PLAIN, ["172.18.0.9"], wanted)


def test_a_wanted_address_may_lie_outside_the_range() -> None:
    subnet = Subnet("172.29.0.0/16", "172.29.5.0", "172.29.5.0/24")
    assert ipam.choose_address(subnet, [], "172.29.0.9") == "172.29.0.9"


def test_a_wanted_address_of_another_subnet_is_refused_in_dockers_words() -> None:
    text = "Invalid address 10.0.0.9: It does not belong to any of this network's sub"
    with pytest.raises(InvalidInputError, match=f"^{text}"):
        ipam.choose_address(PLAIN, [], "10.0.0.9")
    with pytest.raises(InvalidInputError, match=f"^{text}"):
        ipam.choose_subnet_of([PLAIN], "10.0.0.9")


def test_ipv6_works_in_a_subnet_nobody_could_list() -> None:
    subnet = ipam.plan_subnet("fd00:1::/64")
    assert subnet.gateway == "fd00:1::1"
    assert ipam.choose_address(subnet, ["fd00:1::2"]) == "fd00:1::3"


def test_macs_are_derived_as_docker_does() -> None:
    assert ipam.mac_of("172.17.0.2") == "02:42:ac:11:00:02"


@given(st.integers(16, 30), st.sets(st.integers(0, 20), max_size=12))
def test_an_address_is_always_inside_and_never_used(
    prefix: int, offsets: set[int]
) -> None:
    network = ipaddress.ip_network(f"10.9.0.0/{prefix}")
    subnet = ipam.plan_subnet(str(network))
    used = {str(network.network_address + o) for o in offsets}
    try:
        chosen = ipam.choose_address(subnet, used)
    except ForbiddenError:
        free = {str(host) for host in network.hosts()} - used - {subnet.gateway}
        assert free == set()
    else:
        assert ipaddress.ip_address(chosen) in network
        assert chosen not in used | {subnet.gateway}


def test_unique_local_pools_are_an_owners_own() -> None:
    pools = ipam.unique_local_pools("abc123")
    first, second = next(pools), next(pools)
    assert ipaddress.ip_network(first).prefixlen == 64
    assert ipaddress.ip_network(first).subnet_of(ipaddress.ip_network("fd00::/8"))
    assert ipaddress.ip_network(first).supernet(new_prefix=48) == (
        ipaddress.ip_network(second).supernet(new_prefix=48)
    )
    assert first != second
    assert next(ipam.unique_local_pools("other")) != first
