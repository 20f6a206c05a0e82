"""``/images``: names and archives."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from aiohttp import web

from labkit.api.answers import TAR, document, empty, send_bytes, send_lines
from labkit.api.present.images import (
    describe_history,
    describe_image,
    describe_load,
    describe_removal,
    describe_summary,
)
from labkit.api.present.transfers import describe_failure
from labkit.api.requests import Call
from labkit.api.routes.registries import pull
from labkit.api.routing import Route
from labkit.base.errors import (
    InvalidInputError,
    LabError,
)
from labkit.engine.images.history import history_image
from labkit.engine.images.import_image import import_image
from labkit.engine.images.inspect import inspect_image
from labkit.engine.images.list import list_images
from labkit.engine.images.prune import prune_images
from labkit.engine.images.remove import remove_image
from labkit.engine.images.tag import tag_image
from labkit.engine.system.disk_usage import disk_usage
from labkit.images.model import Image, ImageLoaded

_CHUNK_BYTES = 1 << 20


async def list_all(call: Call) -> web.StreamResponse:
    filters = call.query.filters()
    found = await list_images(call.engine, call.query.flag("all"), filters)
    rows = [describe_summary(one, call.version) for one in found]
    if call.query.flag("shared-size"):
        usage = await disk_usage(call.engine, ("image",))
        shared = {
            one.summary.image.id.text: one.shared_size for one in usage.images or ()
        }
        rows = [{**row, "SharedSize": shared.get(row["Id"], -1)} for row in rows]
    return document(rows)


async def inspect(call: Call) -> web.StreamResponse:
    image = await inspect_image(call.engine, call.path["name"])
    return document(describe_image(image, call.version))


async def history(call: Call) -> web.StreamResponse:
    lines = await history_image(call.engine, call.path["name"])
    return document([describe_history(line) for line in lines])


async def tag(call: Call) -> web.StreamResponse:
    repo, name = call.query.text("repo"), call.query.text("tag")
    await tag_image(call.engine, call.path["name"], repo, name)
    return empty(201)


async def remove(call: Call) -> web.StreamResponse:
    force, keep = call.query.flag("force"), call.query.flag("noprune")
    removed = await remove_image(call.engine, call.path["name"], force, not keep)
    return document([describe_removal(one) for one in removed])


async def prune(call: Call) -> web.StreamResponse:
    pruned = await prune_images(call.engine, call.query.filters())
    return document(
        {
            "ImagesDeleted": [describe_removal(one) for one in pruned.removed] or None,
            "SpaceReclaimed": pruned.space,
        }
    )


async def create(call: Call) -> web.StreamResponse:
    """Answer ``docker pull`` and ``docker import``, which share a path."""
    if call.query.text("fromSrc"):
        return await import_tar(call)
    return await pull(call)


async def import_tar(call: Call) -> web.StreamResponse:
    """Answer ``docker import``, whose tar comes in the body or from a URL."""
    source = call.query.text("fromSrc")
    if source != "-":
        return await _import_url(
            call, source if "://" in source else f"http://{source}"
        )
    with tempfile.TemporaryFile(dir=call.machine.scratch) as archive:
        await _receive(call, archive)
        image = await _import(call, archive)
    return await send_lines(call, _each([{"status": image.id.text}]))


async def _import_url(call: Call, url: str) -> web.StreamResponse:
    builder = call.engine.builder
    async with builder.folder() as folder:
        await builder.download(url, folder / "archive")
        with (folder / "archive").open("rb") as archive:
            image = await _import(call, archive)
    lines = [{"status": f"Downloading from {url}"}, {"status": image.id.text}]
    return await send_lines(call, _each(lines))


async def _import(call: Call, archive: BinaryIO) -> Image:
    query = call.query
    return await import_image(
        call.engine,
        archive,
        repo=query.text("repo"),
        tag=query.text("tag"),
        message=query.text("message") or f"Imported from {query.text('fromSrc')}",
        changes=query.texts("changes"),
    )


async def load(call: Call) -> web.StreamResponse:
    if not call.http.can_read_body:
        raise InvalidInputError("cannot load images: the request has no body")
    with tempfile.TemporaryFile(dir=call.machine.scratch) as archive:
        await _receive(call, archive)
        return await send_lines(call, _loading(call, archive))


async def save(call: Call) -> web.StreamResponse:
    names = call.query.texts("names")
    if "name" in call.path:
        names = (call.path["name"],)
    with tempfile.TemporaryFile(dir=call.machine.scratch) as archive:
        # Written whole before the header goes out: a name that isn't there is a 404.
        await call.machine.save(names, archive)
        archive.seek(0)
        return await send_bytes(call, _chunks(archive), TAR)


async def _receive(call: Call, archive: BinaryIO) -> None:
    async for chunk in call.http.content.iter_chunked(_CHUNK_BYTES):
        await asyncio.to_thread(archive.write, chunk)
    archive.seek(0)


async def _loading(call: Call, archive: BinaryIO) -> AsyncIterator[dict[str, Any]]:
    quiet = call.query.flag("quiet")
    try:
        async for event in call.machine.load(archive):
            if isinstance(event, ImageLoaded):
                _tell_loaded(call, event)
            if (line := describe_load(event, quiet)) is not None:
                yield line
    except LabError as error:
        # The header is out: from here on errors are lines of the stream.
        yield describe_failure(error.message)


def _tell_loaded(call: Call, event: ImageLoaded) -> None:
    image_id = event.image.id.text
    call.engine.events.publish("image", "load", image_id, {"name": image_id})


async def _chunks(archive: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(archive.read, _CHUNK_BYTES):
        yield chunk


async def _each(bodies: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for body in bodies:
        yield body


ROUTES = (
    Route("GET", "/images/json", list_all),
    Route("POST", "/images/create", create, streams=True),
    Route("POST", "/images/load", load, streams=True),
    Route("POST", "/images/prune", prune),
    Route("GET", "/images/get", save, streams=True),
    Route("GET", "/images/{name*}/get", save, streams=True),
    Route("GET", "/images/{name*}/json", inspect),
    Route("GET", "/images/{name*}/history", history),
    Route("POST", "/images/{name*}/tag", tag),
    Route("DELETE", "/images/{name*}", remove),
)
