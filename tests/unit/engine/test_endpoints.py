"""Places in networks."""

from pathlib import Path

import pytest

from labkit.base.errors import ForbiddenError, InvalidInputError, NotFoundError
from labkit.engine.endpoints import allocate, gateway_attachment, release, resolver_of
from labkit.engine.engine import Engine
from labkit.engine.model import Container, EndpointRequest, HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from tests.unit.engine.lab import make, make_world, open_lab

NONE = EndpointRequest()


async def place(engine: Engine, mode: str, **endpoints: EndpointRequest) -> Container:
    container_id = await make(
        engine, host=HostConfig(network_mode=mode), endpoints=endpoints
    )
    return allocate(engine, engine.store.find_container(container_id))


async def test_all_or_none(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        with pytest.raises(NotFoundError, match="network ghost not found"):
            await place(engine, "net", ghost=NONE)
        assert engine.members.of(created.id) == ()


async def test_the_way_out_is_the_first_that_leads_there(
    tmp_path: Path,
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("aaa", internal=True))
        await create_network(engine, NetworkRequest("bbb"))
        await create_network(engine, NetworkRequest("ccc"))
        container = await place(engine, "ccc", aaa=NONE, bbb=NONE)
        assert [item.interface for item in container.attachments] == [
            *("eth0", "eth1", "eth2")
        ]
        way_out = gateway_attachment(engine, container.attachments)
        assert way_out is not None
        assert way_out.network_name == "bbb"
        inner = next(a for a in container.attachments if a.network_name == "aaa")
        assert inner.endpoint is not None
        assert inner.endpoint.gateway == ""


async def test_addresses_come_back(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        first = await place(engine, "bridge")
        second = await place(engine, "bridge")
        release(engine, first.id, first.attachments)
        third = await place(engine, "bridge")
        found = [c.attachments[0].endpoint for c in (first, second, third)]
        assert [e.ipv4 for e in found if e] == [
            *("172.17.0.2", "172.17.0.3", "172.17.0.2")
        ]


async def test_runs_out_of_addresses(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        request = NetworkRequest("tiny", subnets=(SubnetRequest("10.9.0.0/30"),))
        await create_network(engine, request)
        await place(engine, "tiny")
        with pytest.raises(
            ForbiddenError, match=r"no available IPv4 addresses on .* pools: \w+ \("
        ):
            await place(engine, "tiny")


@pytest.mark.parametrize(
    ("network", "wish", "text"),
    [
        (
            "bridge",
            EndpointRequest(aliases=("x",)),
            "network-scoped alias is supp",
        ),
        ("bridge", EndpointRequest(ipv4="172.17.0.9"), "on user defined networks only"),
        ("net", EndpointRequest(ipv4="172.18.0.9"), "with user configured subnets"),
        ("own", EndpointRequest(ipv4="10.8.0.1"), "does not belong|It does not belong"),
    ],
)
async def test_refuses_wishes(
    tmp_path: Path, network: str, wish: EndpointRequest, text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        request = NetworkRequest("own", subnets=(SubnetRequest("10.9.0.0/24"),))
        await create_network(engine, request)
        with pytest.raises(InvalidInputError, match=text):
            await place(engine, network, **{network: wish})


async def test_names_are_served_in_user_defined_networks(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        plain = await place(engine, "bridge")
        assert resolver_of(engine, plain, ("1.1.1.1",)) is None
        both = await place(engine, "net", bridge=NONE)
        resolver = resolver_of(engine, both, ("192.0.2.1",))
        assert resolver is not None
        assert resolver.network_ids == (created.id,)
        assert resolver.upstream == ("192.0.2.1",)


async def test_host_and_none_have_no_addresses(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        for mode in ("host", "none"):
            (attachment,) = (await place(engine, mode)).attachments
            assert attachment.endpoint is not None
            assert (attachment.endpoint.ipv4, attachment.interface) == ("", "")
