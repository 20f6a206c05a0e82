"""The body of a network's creation."""

import pytest

from labkit.api.parse.fields import Fields
from labkit.api.parse.networks import parse_network
from labkit.api.versions import NEWEST, ApiVersion
from labkit.engine.networks.request import NetworkRequest, SubnetRequest


def test_little_is_enough() -> None:
    found = parse_network(Fields({"Name": "shop"}), NEWEST)
    assert found == NetworkRequest(
        name="shop", driver="bridge", ipam_driver="default", check_duplicate=True
    )


def test_reads_everything() -> None:
    body = {
        "Name": "shop",
        "Driver": "bridge",
        "Internal": True,
        "Attachable": True,
        "Ingress": False,
        "EnableIPv6": True,
        "Scope": "local",
        "ConfigOnly": False,
        "Options": {"com.docker.network.bridge.name": "br0"},
        "Labels": {"a": "b"},
        "IPAM": {
            "Driver": "",
            "Options": {"x": "y"},
            "Config": [
                {
                    "Subnet": "10.9.0.0/24",
                    "Gateway": "10.9.0.9",
                    "IPRange": "10.9.0.128/25",
                    "AuxiliaryAddresses": {"router": "10.9.0.130"},
                },
                {"Subnet": "fd00::/64"},
            ],
        },
    }
    found = parse_network(Fields(body), NEWEST)
    assert found.subnets == (
        SubnetRequest(
            "10.9.0.0/24", "10.9.0.9", "10.9.0.128/25", {"router": "10.9.0.130"}
        ),
        SubnetRequest("fd00::/64", "", "", {}),
    )
    assert (found.internal, found.attachable, found.enable_ipv6) == (True, True, True)
    assert found.options == {"com.docker.network.bridge.name": "br0"}
    assert (found.ipam_driver, found.ipam_options) == ("default", {"x": "y"})
    assert (found.labels, found.scope) == ({"a": "b"}, "local")


@pytest.mark.parametrize(
    "ipam", [None, {}, {"Config": None}, {"Config": []}, {"Driver": "default"}]
)
def test_no_address_range_in_all_spellings(ipam: object) -> None:
    found = parse_network(Fields({"Name": "a", "IPAM": ipam}), NEWEST)
    assert (found.subnets, found.ipam_driver) == ((), "default")


@pytest.mark.parametrize(
    ("version", "said", "checked"),
    [
        (ApiVersion(1, 43), False, False),
        (ApiVersion(1, 43), True, True),
        (ApiVersion(1, 44), False, True),
        (NEWEST, False, True),
    ],
)
def test_since_1_44_no_name_comes_twice(
    version: ApiVersion, said: bool, checked: bool
) -> None:
    found = parse_network(Fields({"Name": "a", "CheckDuplicate": said}), version)
    assert found.check_duplicate is checked


@pytest.mark.parametrize("ipam", [{}, {"Options": None}, {"Options": {}}])
def test_tells_no_ipam_options_from_none_said(ipam: dict[str, object]) -> None:
    found = parse_network(Fields({"Name": "net", "IPAM": ipam}), NEWEST)
    assert found.ipam_options == ipam.get("Options")
