"""``docker export``: a container's root as a tar, without its volumes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from labkit.engine.engine import Engine
from labkit.engine.ports import Reading
from labkit.engine.views import viewed


@asynccontextmanager
async def export(engine: Engine, ref: str) -> AsyncIterator[Reading]:
    """Give the root's own files as a tar."""
    found = engine.store.find_container(ref)
    async with (
        viewed(engine, found.id) as (container, view),
        engine.files.export(view) as reading,
    ):
        engine.events.container("export", container)
        yield reading
