"""``docker cp`` out of a container, and the look before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from labkit.base.errors import NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.messages import no_such_file
from labkit.engine.ports import Reading
from labkit.engine.views import viewed
from labkit.files.model import FileStatus


async def file_status(engine: Engine, ref: str, path: str) -> FileStatus:
    """Look at a file of a container.

    Raises:
        NotFoundError: no such container, or no such file in it.
    """
    found = engine.store.find_container(ref)
    async with viewed(engine, found.id) as (_, view):
        try:
            return await engine.files.status(view, path)
        except NotFoundError as error:
            raise NotFoundError(no_such_file(path, ref)) from error


@asynccontextmanager
async def read_archive(engine: Engine, ref: str, path: str) -> AsyncIterator[Reading]:
    """Give a file or folder as a tar, with its status.

    Raises:
        NotFoundError: no such container, or no such file in it.
    """
    found = engine.store.find_container(ref)
    async with viewed(engine, found.id) as (container, view), AsyncExitStack() as stack:
        try:
            reading = engine.files.read(view, path)
            opened = await stack.enter_async_context(reading)
        except NotFoundError as error:
            raise NotFoundError(no_such_file(path, ref)) from error
        engine.events.container("archive-path", container)
        yield opened
