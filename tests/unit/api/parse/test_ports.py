"""Port bindings."""

from typing import Any

import pytest

from labkit.api.parse.fields import Fields
from labkit.api.parse.ports import parse_port, parse_port_bindings
from labkit.base.errors import InvalidInputError
from labkit.network.model import PortBinding


def _parse(body: dict[str, Any]) -> tuple[PortBinding, ...]:
    return parse_port_bindings(Fields({"P": body}).field_lists("P"))


def test_reads_addresses_and_ports() -> None:
    places = [{"HostIp": "127.0.0.1", "HostPort": "8080"}, {"HostPort": "8081"}]
    assert _parse({"80/tcp": places, "53/UDP": [{}]}) == (
        PortBinding(80, "tcp", "127.0.0.1", 8080),
        PortBinding(80, "tcp", "", 8081),
        PortBinding(53, "udp", "", 0),
    )


def test_a_range_has_an_end() -> None:
    (binding,) = _parse({"80": [{"HostPort": "8000-8010"}]})
    assert (binding.host_port, binding.host_port_end) == (8000, 8010)


@pytest.mark.parametrize("body", [{"80/tcp": None}, {"80/tcp": []}, {}])
def test_no_place_is_no_binding(body: dict[str, Any]) -> None:
    assert _parse(body) == ()


@pytest.mark.parametrize("text", ["x", "65536", "-1", "", "8-7", "80x", "٨"])
def test_refuses_what_is_no_port(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid port specification"):
        _parse({"80/tcp": [{"HostPort": text}]} if text else {"/tcp": [{}]})


def test_refuses_other_protocols() -> None:
    assert parse_port("80") == (80, "tcp")
    with pytest.raises(InvalidInputError, match="invalid proto: icmp"):
        parse_port("80/icmp")
