"""What ``docker network create`` may ask for: refusals word by word, and what works."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.api.world import PREFIX, network
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_NAME = f"{PREFIX}wish"
_BRIDGE = "com.docker.network.bridge"
_MTU = "com.docker.network.driver.mtu"
_REFUSED: tuple[dict[str, Any], ...] = (
    {"Driver": "overlay"},
    {"Ingress": True},
    {"Scope": "swarm"},
    {"Scope": "other"},
    {"IPAM": {"Config": [{"Subnet": "10.78.0.0/24"}, {"Subnet": "10.79.0.0/24"}]}},
    {"ConfigFrom": {"Network": "nosuch"}},
    {"ConfigFrom": {"Network": "bridge"}},
    {"ConfigFrom": {"Network": "x"}, "Labels": {"a": "b"}},
    {"ConfigFrom": {"Network": "x"}, "Options": {"a": "b"}},
    {"ConfigFrom": {"Network": "x"}, "EnableIPv6": True},
    {"ConfigOnly": True, "ConfigFrom": {"Network": "x"}},
    {"ConfigOnly": True, "Internal": True},
    {"ConfigOnly": True, "Scope": "swarm"},
    {"Options": {_MTU: "bad"}},
    {"Options": {_MTU: "-5"}},
    {"Options": {f"{_BRIDGE}.enable_icc": "bad"}},
    {"Options": {f"{_BRIDGE}.enable_ip_masquerade": ""}},
    {"Options": {f"{_BRIDGE}.host_binding_ipv4": "bad"}},
)


@pytest.mark.parametrize("wish", _REFUSED, ids=str)
def test_refused_in_the_same_words(
    both: tuple[Engine, Engine], wish: dict[str, Any]
) -> None:
    ours, theirs = (
        engine.json("POST", "/v1.41/networks/create", {"Name": _NAME, **wish})
        for engine in both
    )
    assert ours[1] == theirs[1]
    # 20.10 says 500 to options it can't read and to swarm's driver.
    assert ours[0] == theirs[0] or (theirs[0] == 500 and ours[0] in (400, 503))


@contextlib.contextmanager
def _settings(engine: Engine) -> Iterator[None]:
    pool = {"Config": [{"Subnet": "10.78.4.0/24"}]}
    with network(engine, "settings", ConfigOnly=True, IPAM=pool, Labels={"a": "b"}):
        yield


def test_settings_that_another_network_follows(engine: Engine) -> None:
    settings = f"{PREFIX}settings"
    follow = {"ConfigFrom": {"Network": settings}}
    with _settings(engine), network(engine, "wish", **follow):
        _, found = engine.json("GET", f"/v1.41/networks/{_NAME}")
        assert found["ConfigFrom"] == {"Network": settings}
        assert found["Labels"] == {"a": "b"}
        run = ("run", "--rm", "--network")
        done = engine.docker(*run, _NAME, TEST_IMAGE, "hostname", "-i")
        assert done.stdout == "10.78.4.2\n", done.stderr
        done = engine.docker(*run, settings, TEST_IMAGE, "true")
        assert "cannot create endpoint on configuration-only network" in done.stderr
        status, failure = engine.json("DELETE", f"/v1.41/networks/{settings}")
        assert status == 403
        assert f'configuration network "{settings}" is in use' in failure["message"]


def test_two_networks_never_share_a_bridge(engine: Engine) -> None:
    named = {"Options": {f"{_BRIDGE}.name": "labtest0"}}
    with network(engine, "first", **named):
        status, failure = engine.json(
            "POST", "/v1.41/networks/create", {"Name": _NAME, **named}
        )
        assert status == 403, failure
        assert failure["message"].endswith("networks have same bridge name")


def test_an_ipv6_address_needs_an_ipv6_subnet(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        with network(engine, "wish", IPAM={"Config": [{"Subnet": "10.78.4.0/24"}]}):
            wish = ("--network", _NAME, "--ip6", "fd00::5")
            found.append(engine.docker("run", "--rm", *wish, TEST_IMAGE, "true").stderr)
    assert found[0] == found[1]
    assert "networks with user configured subnets" in found[0]


@pytest.mark.parametrize(
    "body",
    [{}, {"IPAM": {}}, {"IPAM": {"Options": None}}, {"IPAM": {"Options": {}}}],
    ids=str,
)
def test_no_ipam_options_stay_what_they_were(
    both: tuple[Engine, Engine], body: dict[str, Any]
) -> None:
    # docker-py tells "nothing" (null) from "no options" ({}).
    found = []
    for engine in both:
        with network(engine, "wish", **body):
            _, made = engine.json("GET", f"/v1.41/networks/{_NAME}")
            found.append(made["IPAM"]["Options"])
    assert found[0] == found[1]
