"""The values that travel between engine, network and netd."""

import dataclasses
import json

import pytest

from labkit.base.codec import decode, encode, same_name
from labkit.network.model import Network, PortBinding, Subnet


def test_a_network_survives_the_way_to_netd_and_back() -> None:
    network = Network(
        "a" * 64,
        "net",
        "bridge",
        (Subnet("172.18.0.0/16", "172.18.0.1", None, {"host": "172.18.0.9"}),),
        internal=True,
        options={"com.docker.network.driver.mtu": "1400"},
    )
    text = json.dumps(encode(network, same_name))
    assert decode(Network, json.loads(text), same_name) == network


def test_values_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PortBinding(80).host_port = 8080  # type: ignore[misc]
