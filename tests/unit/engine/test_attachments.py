"""Which networks are asked for."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.attachments import first_attachments, network_name
from labkit.engine.model import EndpointRequest, HostConfig

WISH = EndpointRequest(aliases=("x",))


def names(mode: str, **endpoints: EndpointRequest) -> list[str]:
    found = first_attachments(HostConfig(network_mode=mode), endpoints)
    return [item.network_name for item in found]


def test_default_means_bridge() -> None:
    assert network_name("default") == network_name("") == "bridge"
    assert names("default") == ["bridge"]
    (only,) = first_attachments(HostConfig(), {"default": WISH})
    assert (only.network_name, only.request) == ("bridge", WISH)


def test_the_modes_network_comes_first() -> None:
    assert names("two", one=WISH, two=WISH) == ["two", "one"]


def test_a_shared_namespace_has_no_networks_of_its_own() -> None:
    assert names("container:x", net=WISH) == []


@pytest.mark.parametrize("mode", ["host", "none"])
def test_refuses_company_for(mode: str) -> None:
    assert names(mode) == [mode]
    with pytest.raises(InvalidInputError, match="cannot be connected to"):
        names(mode, net=WISH)
