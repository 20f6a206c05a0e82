"""What is wrong with a wanted network, whatever else there is."""

import pytest

from labkit.base.errors import (
    ForbiddenError,
    InvalidInputError,
    LabError,
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from labkit.engine.networks.request import (
    NetworkRequest,
    SubnetRequest,
    check_request,
)

_TWO = (SubnetRequest("10.7.0.0/24"), SubnetRequest("10.8.0.0/24"))


@pytest.mark.parametrize(
    ("request_", "kind", "text"),
    [
        (NetworkRequest(""), InvalidInputError, "cannot be empty"),
        (NetworkRequest("n", ingress=True), ForbiddenError, "global scope network"),
        (NetworkRequest("n", scope="swarm"), ForbiddenError, "swarm is not active"),
        (NetworkRequest("n", scope="other"), UnavailableError, "not a swarm manager"),
        (NetworkRequest("n", "overlay"), UnavailableError, "not a swarm manager"),
        (NetworkRequest("n", "macvlan"), UnsupportedError, "no macvlan networks"),
        (NetworkRequest("n", "nosuch"), NotFoundError, 'plugin "nosuch" not found'),
        (NetworkRequest("n", ipam_driver="x"), NotFoundError, 'plugin "x" not found'),
        (NetworkRequest("n", subnets=_TWO), ForbiddenError, "multiple subnets"),
        (
            NetworkRequest("n", options={"com.docker.network.driver.mtu": "x"}),
            InvalidInputError,
            "failed to parse com.docker.network.driver.mtu value: x",
        ),
        (
            NetworkRequest("n", config_only=True, config_from="other"),
            ForbiddenError,
            "a configuration network cannot depend on another",
        ),
        (
            NetworkRequest("n", config_only=True, internal=True),
            ForbiddenError,
            "can only contain network specific fields",
        ),
        (
            NetworkRequest("n", config_from="other", labels={"a": "b"}),
            ForbiddenError,
            "user specified configurations are not supported",
        ),
        (
            NetworkRequest("n", config_from="other", options={"a": "b"}),
            ForbiddenError,
            "network driver options are not supported",
        ),
    ],
)
def test_refuses(request_: NetworkRequest, kind: type[LabError], text: str) -> None:
    with pytest.raises(kind, match=text):
        check_request(request_)


def test_one_subnet_of_each_family_is_fine() -> None:
    both = (SubnetRequest("10.7.0.0/24"), SubnetRequest("fd00::/64"))
    check_request(NetworkRequest("n", subnets=both, enable_ipv6=True))
