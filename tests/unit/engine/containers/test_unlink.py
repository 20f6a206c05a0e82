"""A link goes; both containers stay."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, NotFoundError
from labkit.engine.containers.remove import remove
from labkit.engine.containers.unlink import unlink
from labkit.engine.model import HostConfig
from tests.unit.engine.lab import make_world, open_lab, run


async def test_takes_one_link_and_its_row_in_hosts(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        db = await run(engine, name="db")
        web = await run(engine, name="web", host=HostConfig(links=("db", "db:other")))
        await unlink(engine, "web", "other")
        assert engine.store.find_container(web).host_config.links == (f"{db}:db",)
        hosts = (engine.container_folder(web) / "hosts").read_text()
        assert "other" not in hosts
        assert "\tdb" in hosts
        with pytest.raises(NotFoundError, match="No such container: web/other"):
            await unlink(engine, "web", "other")


async def test_a_containers_own_name_is_no_link(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine, name="db")
        with pytest.raises(ConflictError, match="default link name"):
            await remove(engine, "db", link=True)
