"""Unused networks."""

from pathlib import Path

from labkit.engine.model import HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.prune import prune_networks
from labkit.engine.networks.request import NetworkRequest
from tests.unit.engine.lab import make_world, open_lab, run


async def test_removes_what_nobody_is_in(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        for name in ("used", "spare"):
            await create_network(engine, NetworkRequest(name))
        await create_network(engine, NetworkRequest("kept", labels={"keep": ""}))
        await run(engine, "sleep", host=HostConfig(network_mode="used"))
        pruned = await prune_networks(engine, {"label!": ("keep",)})
        assert pruned.deleted == ("spare",)
        assert len(engine.store.networks()) == 5
