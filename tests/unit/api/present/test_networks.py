"""Networks as inspect shows them."""

import pytest

from labkit.api.present.networks import describe_network
from labkit.engine.members import Member
from labkit.engine.model import NetworkRecord
from labkit.engine.networks.inspect import NetworkDetails
from labkit.network.model import Network, Subnet
from tests.unit.api.present.records import ID, MIDNIGHT, make_attachment


def test_shows_subnets_and_members() -> None:
    subnet = Subnet("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", {"router": "10.0.0.9"})
    network = Network("d" * 64, "net", "bridge", (subnet,), internal=True)
    endpoint = make_attachment().endpoint
    assert endpoint is not None
    details = NetworkDetails(
        NetworkRecord(network, MIDNIGHT, {"a": "b"}),
        (Member(ID, "web", ("web",), endpoint),),
    )
    body = describe_network(details)
    assert body["Created"] == "2026-01-02T00:00:00Z"
    assert body["IPAM"]["Config"] == [
        {
            "Subnet": "10.0.0.0/24",
            "IPRange": "10.0.0.128/25",
            "Gateway": "10.0.0.1",
            "AuxiliaryAddresses": {"router": "10.0.0.9"},
        }
    ]
    assert body["Containers"][ID] == {
        "Name": "web",
        "EndpointID": "e" * 64,
        "MacAddress": "02:42:0a:00:00:02",
        "IPv4Address": "10.0.0.2/24",
        "IPv6Address": "",
    }
    assert (body["Internal"], body["Labels"]) == (True, {"a": "b"})


def test_a_network_without_addresses() -> None:
    record = NetworkRecord(Network("d" * 64, "host", "host"), 0)
    body = describe_network(NetworkDetails(record))
    assert (body["IPAM"]["Config"], body["Containers"]) == ([], {})


@pytest.mark.parametrize("options", [None, {}, {"a": "b"}])
def test_says_which_ipam_options_were_asked_for(options: dict[str, str] | None) -> None:
    network = Network("d" * 64, "net", "bridge")
    body = describe_network(
        NetworkDetails(NetworkRecord(network, 0, ipam_options=options))
    )
    assert body["IPAM"]["Options"] == options
