"""Containers' files as a visitor would see them: names and contents in memory."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from labkit.base.errors import NotFoundError
from labkit.engine.ports import Reading
from labkit.files.model import FileStatus, View, WriteOptions


class FakeFiles:
    """One tree for all containers; what was asked is kept."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {"/": b"root"}
        self.asked: list[tuple[str, View, str]] = []
        self.options = WriteOptions()
        self.error: Exception | None = None

    async def status(self, view: View, path: str) -> FileStatus:
        self.asked.append(("status", view, path))
        return self._status(path)

    @asynccontextmanager
    async def read(self, view: View, path: str) -> AsyncIterator[Reading]:
        self.asked.append(("read", view, path))
        yield Reading(self._status(path), _chunks(self.contents[path]))

    @asynccontextmanager
    async def export(self, view: View) -> AsyncIterator[Reading]:
        self.asked.append(("export", view, "/"))
        yield Reading(self._status("/"), _chunks(self.contents["/"]))

    async def write(
        self, view: View, path: str, options: WriteOptions, tar: AsyncIterator[bytes]
    ) -> None:
        self.asked.append(("write", view, path))
        self._status(path)
        if self.error is not None:
            raise self.error
        self.options = options
        self.contents[path] = b"".join([chunk async for chunk in tar])

    def _status(self, path: str) -> FileStatus:
        if path not in self.contents:
            raise NotFoundError(f"no file {path!r}")
        return FileStatus(path.rpartition("/")[2] or "/", 4, 0o40755, 1_000_000_000)


async def _chunks(data: bytes) -> AsyncGenerator[bytes, None]:
    yield data[:2]
    yield data[2:]
