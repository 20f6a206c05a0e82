"""``docker network ls``."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.engine import Engine
from labkit.engine.model import HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.list import list_networks
from labkit.engine.networks.request import NetworkRequest
from tests.unit.engine.lab import make_world, open_lab, run


async def names(engine: Engine, **filters: tuple[str, ...]) -> set[str]:
    return {item.record.network.name for item in await list_networks(engine, filters)}


async def test_filters(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        created = await create_network(engine, NetworkRequest("net", labels={"a": "b"}))
        await create_network(engine, NetworkRequest("used"))
        await run(engine, "sleep", host=HostConfig(network_mode="used"))
        everything = {"bridge", "host", "none", "net", "used"}
        assert await names(engine) == everything
        assert await names(engine, name=("ne",)) == {"net", "none"}
        assert await names(engine, id=(created.id[:6],)) == {"net"}
        assert await names(engine, label=("a=b",)) == {"net"}
        assert await names(engine, driver=("host", "null")) == {"host", "none"}
        assert await names(engine, type=("custom",)) == {"net", "used"}
        assert await names(engine, type=("builtin",)) == {"bridge", "host", "none"}
        assert await names(engine, dangling=("true",)) == {"net"}
        assert await names(engine, dangling=("false",)) == everything - {"net"}
        assert await names(engine, scope=("swarm",)) == set()


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"foo": ("bar",)}, "invalid filter 'foo'"),
        ({"type": ("odd",)}, "invalid filter: 'type'='odd'"),
        (
            {"dangling": ("odd",)},
            'invalid value for filter \'dangling\', must be "true" (or "1"), or '
            '"false" (or "0")',
        ),
        (
            {"dangling": ("true", "false")},
            'got more than one value for filter key "dangling"',
        ),
    ],
)
async def test_refuses_filters(
    tmp_path: Path, filters: dict[str, tuple[str, ...]], text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError) as caught:
            await list_networks(engine, filters)
        assert caught.value.message == text
