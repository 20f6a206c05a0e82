"""``docker rm --link web/alias``: the link goes, both containers stay."""

import asyncio
from dataclasses import replace

from labkit.engine.engine import Engine
from labkit.engine.links import find_linked, parse_link
from labkit.engine.model import Status
from labkit.engine.network_files import write_network_files


async def unlink(engine: Engine, parent_ref: str, alias: str) -> None:
    """Take one link from a container.

    Raises:
        NotFoundError: there is no such link.
    """
    find_linked(engine, parent_ref, alias)
    parent = engine.store.find_container(parent_ref)
    await engine.complete(_unlink(engine, parent.id, alias), f"unlink {parent.id}")


async def _unlink(engine: Engine, container_id: str, alias: str) -> None:
    async with engine.lock(container_id):
        parent = engine.store.find_container(container_id)
        left = tuple(
            link for link in parent.host_config.links if parse_link(link)[1] != alias
        )
        changed = replace(parent, host_config=replace(parent.host_config, links=left))
        await engine.store.save(changed)
        if changed.status in (Status.RUNNING, Status.PAUSED):
            await asyncio.to_thread(
                write_network_files, engine, changed, changed.config.hostname
            )
