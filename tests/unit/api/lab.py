"""The whole API over an engine of fakes: requests in, answers out, no machine."""

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from labkit.api.routes.table import ROUTES
from labkit.api.server import ApiServer
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import parse_reference
from labkit.engine.engine import Engine
from labkit.images.model import ImageLoaded, LoadEvent, NameMoved
from tests.contract.fakes.images import FakeImages
from tests.unit.api.serving import Client, connected
from tests.unit.engine.lab import World, make_world, open_lab


class FakeMachine:
    """Archives are the name of the image that is in them."""

    def __init__(self, scratch: Path, images: FakeImages) -> None:
        self.scratch = scratch
        self._images = images

    async def load(self, archive: BinaryIO) -> AsyncIterator[LoadEvent]:
        name = archive.read().decode()
        if name.startswith("broken"):
            raise InvalidInputError("the archive is broken")
        image = self._images.put(name)
        yield NameMoved(parse_reference(name), image.id)
        yield ImageLoaded(image, parse_reference(name))

    async def save(self, names: tuple[str, ...], out: BinaryIO) -> None:
        for name in names:
            if name == "nosuch":
                raise NotFoundError("No such image: nosuch:latest")
            out.write(name.encode())

    async def network_namespace(self) -> str:
        return "/proc/1/ns/net"


@dataclass
class Lab:
    """A served engine and what it stands on."""

    engine: Engine
    world: World
    socket: Path

    async def raw(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Send one request by hand; return the whole answer."""
        async with connected(self.socket) as client:
            await client.send(request_bytes(method, path, body))
            return await client.rest()

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request; return status and parsed body."""
        data = b"" if body is None else json.dumps(body).encode()
        status, content = await self.ask_bytes(method, path, data)
        return status, json.loads(content) if content.strip() else None

    async def ask_bytes(
        self, method: str, path: str, body: bytes = b""
    ) -> tuple[int, bytes]:
        head, _, content = (await self.raw(method, path, body)).partition(b"\r\n\r\n")
        if b"chunked" in head:
            content = _join_chunks(content)
        return int(head.split()[1]), content

    @asynccontextmanager
    async def hijacked(self, path: str, body: bytes = b"") -> AsyncIterator[Client]:
        """Ask for an upgrade; give the connection after its header."""
        async with connected(self.socket) as client:
            upgrade = b"Connection: Upgrade\r\nUpgrade: tcp\r\n"
            await client.send(request_bytes("POST", path, body, upgrade))
            head = await client.head()
            assert head.startswith(b"HTTP/1.1 101 UPGRADED\r\n"), head
            yield client

    async def create(self, name: str = "", **body: Any) -> str:
        status, answer = await self.ask(
            "POST", f"/containers/create?name={name}", {"Image": "busybox", **body}
        )
        assert status == 201, answer
        made: str = answer["Id"]
        return made

    async def run(self, name: str = "", **body: Any) -> str:
        made = await self.create(name, **body)
        status, answer = await self.ask("POST", f"/containers/{made}/start")
        assert status == 204, answer
        return made


@asynccontextmanager
async def open_api(folder: Path) -> AsyncIterator[Lab]:
    """Serve an engine of fakes that has the image busybox."""
    world = make_world(folder)
    scratch = folder / "scratch"
    scratch.mkdir()
    path = folder / "s"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        async with open_lab(world) as engine:
            machine = FakeMachine(scratch, world.images)
            async with ApiServer(engine, machine, ROUTES, lambda: None) as server:
                await server.listen(listener)
                yield Lab(engine, world, path)


def request_bytes(
    method: str, path: str, body: bytes, extra: bytes = b"Connection: close\r\n"
) -> bytes:
    kind = b"Content-Type: application/json\r\n" if body else b""
    size = b"Content-Length: %d\r\n" % len(body)
    line = f"{method} {path} HTTP/1.1\r\nHost: d\r\n".encode()
    return line + extra + kind + size + b"\r\n" + body


def _join_chunks(data: bytes) -> bytes:
    source, joined = io.BytesIO(data), b""
    while size := int(source.readline() or b"0", 16):
        joined += source.read(size)
        source.readline()
    return joined


async def soon(probe: asyncio.Future[Any] | asyncio.Task[Any]) -> Any:
    """Wait for something that must come."""
    return await asyncio.wait_for(probe, 5)
