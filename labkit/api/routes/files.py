"""``/containers`` and ``/commit``: a container's files, and images made of them."""

import contextlib

from aiohttp import web

from labkit.api.answers import SERVER_HEADERS, TAR, document, empty, send_bytes
from labkit.api.parse.containers import parse_config
from labkit.api.present.files import STATUS_HEADER, describe_change, encode_status
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError
from labkit.engine.containers.archive import file_status, read_archive
from labkit.engine.containers.changes import changes
from labkit.engine.containers.commit import CommitOptions, commit
from labkit.engine.containers.export import export
from labkit.engine.containers.extract import extract
from labkit.engine.ports import Reading


async def list_changes(call: Call) -> web.StreamResponse:
    found = await changes(call.engine, call.ref)
    # Where nothing changed, Go's encoder writes the list that was never made.
    return document([describe_change(one) for one in found] or None)


async def look(call: Call) -> web.StreamResponse:
    status = await file_status(call.engine, call.ref, _path(call))
    headers = {**SERVER_HEADERS, STATUS_HEADER: encode_status(status)}
    return web.Response(headers=headers)


async def read(call: Call) -> web.StreamResponse:
    async with read_archive(call.engine, call.ref, _path(call)) as reading:
        header = {STATUS_HEADER: encode_status(reading.status)}
        return await _send(call, reading, TAR, header)


async def write(call: Call) -> web.StreamResponse:
    await extract(
        call.engine,
        call.ref,
        _path(call),
        call.http.content.iter_any(),
        keep_kinds=call.query.flag("noOverwriteDirNonDir"),
        as_user=call.query.flag("copyUIDGID"),
    )
    return empty(200)


async def export_container(call: Call) -> web.StreamResponse:
    async with export(call.engine, call.ref) as reading:
        return await _send(call, reading, "application/octet-stream", {})


async def _send(
    call: Call, reading: Reading, content_type: str, headers: dict[str, str]
) -> web.StreamResponse:
    async with contextlib.aclosing(reading.chunks) as chunks:
        return await send_bytes(call, chunks, content_type, headers)


def _path(call: Call) -> str:
    path = call.query.text("path")
    if not path:
        raise InvalidInputError("bad parameter: pathcannot be empty")
    return path


async def commit_container(call: Call) -> web.StreamResponse:
    query = call.query
    body = await call.body()
    config = None if body.is_empty else parse_config(body)
    options = CommitOptions(
        repo=query.text("repo"),
        tag=query.text("tag"),
        comment=query.text("comment"),
        author=query.text("author"),
        changes=query.texts("changes"),
        pause=query.flag("pause", default=True),
    )
    image = await commit(call.engine, query.text("container"), options, config)
    return document({"Id": image.id.text}, 201)


ROUTES = (
    Route("GET", "/containers/{id*}/changes", list_changes),
    Route("HEAD", "/containers/{id*}/archive", look),
    Route("GET", "/containers/{id*}/archive", read, streams=True),
    Route("PUT", "/containers/{id*}/archive", write, streams=True),
    Route("GET", "/containers/{id*}/export", export_container, streams=True),
    Route("POST", "/commit", commit_container),
)
