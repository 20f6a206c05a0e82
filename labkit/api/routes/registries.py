"""Pull, push, login: what goes out to registries and comes in from them.

Errors before the first news of a pull have their own status; a push begins to tell at
once, as in dockerd, so its errors are lines.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from aiohttp import web

from labkit.api.answers import document, send_lines
from labkit.api.parse.images import (
    credentials_header,
    pull_reference,
    push_reference,
    read_credentials,
)
from labkit.api.present.transfers import (
    describe_distribution,
    describe_failure,
    describe_transfer,
    push_begins,
)
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import LabError
from labkit.base.reference import parse_reference
from labkit.engine.images.distribution import inspect_distribution
from labkit.engine.images.login import log_in
from labkit.engine.images.pull import pull_image
from labkit.engine.images.push import push_image
from labkit.images.hub import Wish
from labkit.images.platforms import parse_platform
from labkit.images.registry.model import Credentials
from labkit.images.transfer import PullEvent


async def pull(call: Call) -> web.StreamResponse:
    platform = call.query.text("platform")
    wish = Wish(
        pull_reference(call.query.text("fromImage"), call.query.text("tag")),
        parse_platform(platform) if platform else None,
        _credentials(call),
    )
    async with aclosing(pull_image(call.engine, wish)) as events:
        first = await anext(events)  # what fails before it has a status of its own
        return await send_lines(call, _tell(first, events))


async def push(call: Call) -> web.StreamResponse:
    reference = push_reference(call.path["name"], call.query.text("tag"))
    async with aclosing(
        push_image(call.engine, reference, _credentials(call))
    ) as events:
        return await send_lines(call, _after(push_begins(reference), events))


async def authenticate(call: Call) -> web.StreamResponse:
    body = await call.body()
    credentials = read_credentials(body)
    await log_in(call.engine, body.text("serveraddress"), credentials)
    return document({"IdentityToken": "", "Status": "Login Succeeded"})


async def distribution(call: Call) -> web.StreamResponse:
    reference = parse_reference(call.path["name"])
    wish = Wish(reference, None, _credentials(call))
    found = await inspect_distribution(call.engine, wish)
    return document(describe_distribution(found))


def _credentials(call: Call) -> Credentials:
    return credentials_header(call.http.headers.get("X-Registry-Auth", ""))


async def _tell(
    first: PullEvent, events: AsyncGenerator[PullEvent, None]
) -> AsyncIterator[dict[str, Any]]:
    for line in describe_transfer(first):
        yield line
    async for line in _lines(events):
        yield line


async def _after(
    first: dict[str, Any], events: AsyncGenerator[PullEvent, None]
) -> AsyncIterator[dict[str, Any]]:
    yield first
    async for line in _lines(events):
        yield line


async def _lines(
    events: AsyncGenerator[PullEvent, None],
) -> AsyncIterator[dict[str, Any]]:
    try:
        async for event in events:
            for line in describe_transfer(event):
                yield line
    except LabError as error:
        yield describe_failure(error.message)


ROUTES = (
    Route("POST", "/auth", authenticate),
    Route("POST", "/images/{name*}/push", push, streams=True),
    Route("GET", "/distribution/{name*}/json", distribution),
)
