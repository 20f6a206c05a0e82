"""Who is in a network."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.containers.stop import stop
from labkit.engine.networks.inspect import inspect_network
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_names_running_members_only(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", name="web")
        await make(engine, name="idle")
        details = await inspect_network(engine, "bridge")
        assert [member.name for member in details.members] == ["web"]
        await stop(engine, container_id)
        assert (await inspect_network(engine, "bridge")).members == ()
        with pytest.raises(NotFoundError, match="network ghost not found"):
            await inspect_network(engine, "ghost")
