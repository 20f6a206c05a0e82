"""The engine as a whole: ping, version, info, df, events."""

import contextlib

from aiohttp import web

from labkit.api.answers import JSON, SERVER_HEADERS, document, open_stream, to_line
from labkit.api.present.events import describe_event
from labkit.api.present.system import describe_info, describe_usage, describe_version
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.api.versions import ApiVersion
from labkit.base.errors import InvalidInputError
from labkit.engine.system.disk_usage import KINDS, disk_usage
from labkit.engine.system.info import info
from labkit.engine.system.version import version

_PING_HEADERS = {
    **SERVER_HEADERS,
    "Builder-Version": "1",  # the classic builder: there is no BuildKit here
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Swarm": "inactive",
}

_KINDS = ApiVersion(1, 42)
"""Since then ``system/df`` can be asked about some kinds of things only."""


async def ping(call: Call) -> web.StreamResponse:
    return web.Response(text="OK", headers=_PING_HEADERS)


async def ping_head(call: Call) -> web.StreamResponse:
    # The length is said: what goes without one is a stream to some clients.
    answer = web.Response(headers={**_PING_HEADERS, "Content-Length": "0"})
    answer.content_type = "text/plain"
    answer.charset = "utf-8"
    return answer


async def show_version(call: Call) -> web.StreamResponse:
    return document(describe_version(await version(call.engine)))


async def show_info(call: Call) -> web.StreamResponse:
    found = await info(call.engine)
    return document(describe_info(found, call.engine.clock.now_ns()))


async def show_usage(call: Call) -> web.StreamResponse:
    asked = call.query.texts("type") if call.version >= _KINDS else ()
    usage = await disk_usage(call.engine, asked or KINDS)
    now = call.engine.clock.now_ns()
    return document(describe_usage(usage, now, call.version))


async def follow_events(call: Call) -> web.StreamResponse:
    query = call.query
    since, until = query.moment("since"), query.moment("until")
    if since is not None and until is not None and until < since:
        raise InvalidInputError(
            f"`since` time ({query.text('since')}) cannot be after `until` time "
            f"({query.text('until')})"
        )
    events = call.engine.events.subscribe(since, until, query.filters())
    async with contextlib.aclosing(events):
        answer = await open_stream(call, JSON)
        async for event in events:
            await answer.write(to_line(describe_event(event)))
        await answer.write_eof()
    return answer


ROUTES = (
    Route("GET", "/_ping", ping),
    Route("HEAD", "/_ping", ping_head),
    Route("GET", "/version", show_version),
    Route("GET", "/info", show_info),
    Route("GET", "/system/df", show_usage),
    Route("GET", "/events", follow_events, streams=True),
)
