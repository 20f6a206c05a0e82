"""Another name."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.engine.containers.rename import rename
from labkit.engine.model import HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_the_old_name_is_free_and_the_new_one_answers(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        container_id = await run(
            engine, "sleep", name="old", host=HostConfig(network_mode="net")
        )
        await rename(engine, "old", "/new")
        assert engine.store.find_container("new").id == container_id
        with pytest.raises(NotFoundError):
            engine.store.find_container("old")
        names = world.network.names[created.id]
        assert "new" in names
        assert "old" not in names
        event = engine.events.past()[-1]
        assert (event.action, event.attributes["oldName"]) == ("rename", "/old")


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("", InvalidInputError, "Neither old nor new names may be empty"),
        ("one", InvalidInputError, "same name as its current name"),
        ("?", InvalidInputError, r"Error when allocating new name: Invalid container"),
        ("two", ConflictError, "Error when allocating new name: Conflict. The"),
    ],
)
async def test_refuses(
    tmp_path: Path, name: str, kind: type[Exception], text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine, name="one")
        await make(engine, name="two")
        with pytest.raises(kind, match=text):
            await rename(engine, "one", name)
