"""Names in the kernel and options of networks."""

import re

import pytest

from labkit.base.errors import InvalidInputError
from labkit.network import naming
from labkit.network.model import Endpoint, Network


def network() -> Network:
    return Network("0123456789abcdef" * 4, "net", "bridge")


def test_bridges_have_dockers_names() -> None:
    assert naming.bridge_name(network()) == "br-0123456789ab"
    default = Network("a" * 64, "bridge", "bridge", is_default=True)
    assert naming.bridge_name(default) == "docker0"


def test_a_bridge_may_be_given_a_name() -> None:
    named = Network(
        "a" * 64,
        "net",
        "bridge",
        options={"com.docker.network.bridge.name": "lab0"},
    )
    assert naming.bridge_name(named) == "lab0"


@pytest.mark.parametrize("name", ["sixteen-letters-", "a/b", "..", "uplink", "a b"])
def test_refuses_names_the_kernel_or_we_could_not_bear(name: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid bridge name"):
        naming.check_options({"com.docker.network.bridge.name": name})


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        (
            "com.docker.network.driver.mtu",
            "bad",
            "failed to parse com.docker.network.driver.mtu value: bad "
            '(strconv.Atoi: parsing "bad": invalid syntax)',
        ),
        ("com.docker.network.driver.mtu", "-5", "invalid MTU number: -5"),
        ("com.docker.network.driver.mtu", "70000", "invalid MTU number: 70000"),
        (
            "com.docker.network.bridge.enable_icc",
            "bad",
            "failed to parse com.docker.network.bridge.enable_icc value: bad "
            '(strconv.ParseBool: parsing "bad": invalid syntax)',
        ),
        (
            "com.docker.network.bridge.host_binding_ipv4",
            "bad",
            "failed to parse com.docker.network.bridge.host_binding_ipv4 value: bad "
            "(nil ip)",
        ),
    ],
)
def test_refuses_values_in_dockers_words(option: str, value: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        naming.check_options({option: value})
    assert caught.value.message == text


def test_a_bridges_mac_is_steady_and_locally_administered() -> None:
    mac = naming.bridge_mac(network())
    assert mac == naming.bridge_mac(network())
    assert re.fullmatch(r"02:42(:[0-9a-f]{2}){4}", mac)


def test_a_veth_is_named_after_its_endpoint() -> None:
    endpoint = Endpoint("4c1d2a7" + 57 * "0", "a" * 64, "b" * 64)
    assert naming.veth_name(endpoint) == "veth4c1d2a7"


def test_what_lies_on_the_host_carries_the_engines_id() -> None:
    assert naming.host_table("3fa2c1") == "labkit_3fa2c1"
    assert naming.uplink_outside("3fa2c1") == "labkit-3fa2c1"
    assert len(naming.uplink_outside("3fa2c1")) <= 15


def test_options_have_dockers_defaults() -> None:
    plain = network()
    assert naming.mtu_of(plain) == 1500
    assert naming.has_icc(plain)
    assert naming.is_masqueraded(plain)
    assert naming.binding_address(plain) == ""


def test_options_are_read_as_go_reads_them() -> None:
    special = Network(
        "a" * 64,
        "net",
        "bridge",
        options={
            "com.docker.network.driver.mtu": "1400",
            "com.docker.network.bridge.enable_icc": "false",
            "com.docker.network.bridge.enable_ip_masquerade": "0",
            "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1",
        },
    )
    assert naming.mtu_of(special) == 1400
    assert not naming.has_icc(special)
    assert not naming.is_masqueraded(special)
    assert naming.binding_address(special) == "127.0.0.1"


def test_an_internal_network_is_not_masqueraded() -> None:
    assert not naming.is_masqueraded(Network("a" * 64, "n", "bridge", internal=True))
