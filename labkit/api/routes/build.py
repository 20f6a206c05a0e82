"""``/build``: the classic door to the builder, for the command line and Compose."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import BinaryIO, cast

from aiohttp import web

from labkit.api.answers import document, open_stream, to_line
from labkit.api.body_file import BodyFile
from labkit.api.parse.build import parse_build
from labkit.api.parse.images import config_header
from labkit.api.present.build import (
    BuildLines,
    Line,
    failure_line,
    last_lines,
    quiet_line,
)
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError, LabError
from labkit.engine.builds.build import Building, open_build
from labkit.engine.builds.cancel import cancel_build
from labkit.engine.builds.prune import Room, prune_builds


async def build(call: Call) -> web.StreamResponse:
    """Build an image of the tar in the body.

    What is wrong with the request, the context or the Dockerfile is an answer of its
    own; what goes wrong later is a line of the stream.
    """
    credentials = config_header(call.http.headers.get("X-Registry-Config", ""))
    options = replace(parse_build(call.query), credentials=credentials)
    # Unlike BuildKit the classic builder leaves its own cache aside for named images.
    only = bool(options.request.cache_from)
    options = replace(options, request=replace(options.request, sources_only=only))
    packed = BodyFile(call.http.content.read)
    has_body = call.http.can_read_body and not options.remote
    source = cast(BinaryIO, packed) if has_body else None
    async with open_build(call.engine, options, source) as building:
        answer = await open_stream(call, "application/json")
        lines = _quiet(building) if call.query.flag("q") else _lines(call, building)
        async for some in lines:
            await answer.write(b"".join(map(to_line, some)))
        await answer.write_eof()
        return answer


async def cancel(call: Call) -> web.StreamResponse:
    build_id = call.query.text("id")
    if not build_id:
        raise InvalidInputError("build ID not provided")
    cancel_build(call.engine, build_id)
    return web.Response(content_type="application/json")


async def prune(call: Call) -> web.StreamResponse:
    query = call.query
    room = Room(
        query.integer("reserved-space") or query.integer("keep-storage") or 0,
        query.integer("max-used-space") or 0,
        query.integer("min-free-space") or 0,
    )
    pruned = await prune_builds(
        call.engine, query.filters(), all=query.flag("all"), room=room
    )
    return document(
        {"CachesDeleted": list(pruned.deleted) or None, "SpaceReclaimed": pruned.space}
    )


async def _lines(call: Call, building: Building) -> AsyncIterator[Sequence[Line]]:
    lines = BuildLines(building.stages, _removes(call))
    try:
        async for events in building.events():
            if now := [line for event in events for line in lines.add(event)]:
                yield now
    except LabError as error:
        yield [*lines.rest(), failure_line(error)]
        return
    yield [*last_lines(building.built, building.names)]


async def _quiet(building: Building) -> AsyncIterator[Sequence[Line]]:
    """Say the image's id and nothing else, unless it fails."""
    lines = BuildLines(building.stages)
    said: list[Line] = []
    try:
        async for events in building.events():
            said += (line for event in events for line in lines.add(event))
    except LabError as error:
        yield [*said, *lines.rest(), failure_line(error)]
        return
    yield [quiet_line(building.built.image.id)]


def _removes(call: Call) -> bool:
    return call.query.flag("forcerm") or call.query.flag("rm", default=True)


ROUTES = (
    Route("POST", "/build", build, streams=True),
    Route("POST", "/build/cancel", cancel),
    Route("POST", "/build/prune", prune),
)
