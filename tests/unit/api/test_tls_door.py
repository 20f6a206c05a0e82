"""TLS taken off: each direction ends by itself, and strangers stay outside."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.api.tls_door import TlsDoor
from tests.certificates import Authority, make_authority, make_certificate

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Door:
    port: int
    authority: Authority

    def connect(self, certificate: Authority | None) -> ssl.SSLSocket:
        """Connect as a blocking client; those can end one direction alone."""
        context = ssl.create_default_context(cafile=str(self.authority.file))
        if certificate is not None:
            context.load_cert_chain(*make_certificate(certificate, "client"))
        plain = socket.create_connection(("127.0.0.1", self.port), 5)
        return context.wrap_socket(plain, server_hostname="localhost")


async def _echo(client: socket.socket) -> None:
    """Answer when all was said, as ``sort`` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await reader.read()
        with contextlib.suppress(ConnectionError):
            writer.write(said[::-1])
            await writer.drain()
        writer.close()

    def protocol() -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(), serve)

    await asyncio.get_running_loop().connect_accepted_socket(protocol, client)


@asynccontextmanager
async def _open_door(folder: Path) -> AsyncIterator[Door]:
    authority = make_authority(folder / "ca")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    context.load_cert_chain(*make_certificate(authority, "engine"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        async with TlsDoor(context, _echo) as door:
            await door.listen(listener)
            yield Door(listener.getsockname()[1], authority)


def _ask(client: ssl.SSLSocket, said: bytes) -> bytes:
    """Send all, say so by close_notify, and only then read."""
    client.sendall(said)
    # Not by unwrap, which would want the other side's close_notify before any answer.
    incoming = bytearray()
    with contextlib.suppress(ssl.SSLWantReadError, BlockingIOError):
        client.setblocking(False)
        client.unwrap()
    client.setblocking(True)
    with contextlib.suppress(ssl.SSLZeroReturnError):
        while data := client.recv(_CHUNK):
            incoming += data
    return bytes(incoming)


async def test_each_direction_ends_by_itself(tmp_path: Path) -> None:
    async with _open_door(tmp_path) as door:
        with await asyncio.to_thread(door.connect, door.authority) as client:
            said = b"0123456789" * 1_000
            assert await asyncio.to_thread(_ask, client, said) == said[::-1]


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
async def test_lets_in_whom_its_authority_signed(tmp_path: Path, who: str) -> None:
    stranger = make_authority(tmp_path / "other") if who == "a stranger" else None
    async with _open_door(tmp_path) as door:

        def knock() -> None:
            with door.connect(stranger) as client:
                client.sendall(b"hello")
                client.recv(1)

        with pytest.raises(ssl.SSLError, match=r"(?i)alert (certificate|unknown ca)"):
            await asyncio.to_thread(knock)


async def test_what_is_no_tls_is_left_outside(tmp_path: Path) -> None:
    async with _open_door(tmp_path) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET /_ping HTTP/1.1\r\n\r\n")
        assert b"HTTP" not in await asyncio.wait_for(reader.read(), 5)
        writer.close()
        (await asyncio.to_thread(door.connect, door.authority)).close()


async def test_leaving_ends_every_client(tmp_path: Path) -> None:
    async with _open_door(tmp_path) as door:
        client = await asyncio.to_thread(door.connect, door.authority)
        await asyncio.to_thread(client.sendall, b"hello")
    with client, contextlib.suppress(ConnectionError, ssl.SSLEOFError):
        assert await asyncio.to_thread(client.recv, 1) == b""
