"""``/containers``: what goes on for a while: wait, logs, attach, stats."""

import contextlib
import re
from typing import Any

from aiohttp import web

from labkit.api.answers import (
    JSON,
    document,
    open_stream,
    send_bytes,
    send_lines,
    to_line,
)
from labkit.api.detach_keys import parse_keys
from labkit.api.hijack import HijackedConnection, HijackedResponse, hijack
from labkit.api.log_lines import encode_entry, stream_type
from labkit.api.present.stats import describe_readings
from labkit.api.pump import End, pump
from labkit.api.requests import Call, Query
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError, LabError
from labkit.engine import messages
from labkit.engine.containers.attach import attach
from labkit.engine.containers.detach import detached
from labkit.engine.containers.logs import LogsOptions, logs
from labkit.engine.containers.stats import stats
from labkit.engine.containers.wait import wait
from labkit.engine.ports import Stream
from labkit.engine.streams import Attaching
from labkit.runtime.model import AttachOptions

_COUNT = re.compile(r"[0-9]{1,18}")


async def wait_for_container(call: Call) -> web.StreamResponse:
    condition = call.query.text("condition") or "not-running"
    future = await wait(call.engine, call.ref, condition)
    try:
        # The header goes out now: the command line starts the container after it.
        answer = await open_stream(call, JSON)
        outcome = await future
    finally:
        future.cancel()
    body: dict[str, Any] = {"StatusCode": outcome.exit_code}
    if outcome.error:
        body["Error"] = {"Message": outcome.error}
    await answer.write(to_line(body))
    await answer.write_eof()
    return answer


async def read_logs(call: Call) -> web.StreamResponse:
    query = call.query
    options = logs_options(query, follow=query.flag("follow"))
    if not (options.stdout or options.stderr):
        raise InvalidInputError(messages.NO_LOG_STREAM)
    tty = call.engine.store.find_container(call.ref).config.tty
    pieces = await logs(call.engine, call.ref, options)
    timestamps, details = query.flag("timestamps"), query.flag("details")
    chunks = (
        b"".join(
            encode_entry(entry, tty=tty, timestamps=timestamps, details=details)
            for entry in piece
        )
        async for piece in pieces
    )
    async with contextlib.aclosing(pieces):
        return await send_bytes(call, chunks, stream_type(call.version, tty))


async def attach_to_container(call: Call) -> web.StreamResponse:
    query = call.query
    keys = parse_keys(query.text("detachKeys"))
    container = call.engine.store.find_container(call.ref)
    tty = container.config.tty
    history = None
    if query.flag("logs"):
        history = await logs(call.engine, call.ref, logs_options(query, follow=False))
    attaching = None
    if query.flag("stream"):
        options = AttachOptions(
            query.flag("stdin"), query.flag("stdout"), query.flag("stderr")
        )
        attaching = await attach(call.engine, call.ref, options)
    with contextlib.ExitStack() as undo:
        if attaching is not None:
            undo.callback(attaching.close)
        client = undo.enter_context(hijack(call, stream_type(call.version, tty)))
        if history is not None:
            async for piece in history:
                client.writer.writelines(encode_entry(one, tty=tty) for one in piece)
                await client.writer.drain()
        if attaching is not None:
            end = await _join(client, attaching, keys if tty else None)
            if end is End.DETACHED:
                await detached(call.engine, container.id)
    return HijackedResponse()


async def read_stats(call: Call) -> web.StreamResponse:
    query = call.query
    stream = query.flag("stream", default=True)
    samples = await stats(
        call.engine, call.ref, stream=stream, one_shot=query.flag("one-shot")
    )
    async with contextlib.aclosing(samples):
        bodies = describe_readings(samples)
        if stream:
            return await send_lines(call, bodies)
        # Without a stream the last of one or two readings is the answer.
        readings = [body async for body in bodies]
        return document(readings[-1])


async def _join(
    client: HijackedConnection, attaching: Attaching, keys: bytes | None
) -> End:
    try:
        process = await attaching.stream()
    except LabError:
        # The container did not start. Whoever started it is told why; for the attached
        # client it is an output that ended before it began.
        return End.FINISHED
    return await pump(Stream(client.reader, client.writer), process, keys)


def logs_options(query: Query, follow: bool) -> LogsOptions:
    """Read the query of logs, which both attaches take, too."""
    return LogsOptions(
        stdout=query.flag("stdout"),
        stderr=query.flag("stderr"),
        follow=follow,
        since_ns=query.moment("since") or 0,
        until_ns=query.moment("until") or 0,
        tail=_tail(query.text("tail")),
    )


def _tail(text: str) -> int | None:
    # moby takes anything that is no number for "all", also what fits into none.
    return int(text) if _COUNT.fullmatch(text) else None


ROUTES = (
    Route("POST", "/containers/{id*}/wait", wait_for_container, streams=True),
    Route("GET", "/containers/{id*}/logs", read_logs, streams=True),
    Route("POST", "/containers/{id*}/attach", attach_to_container, streams=True),
    Route("GET", "/containers/{id*}/stats", read_stats, streams=True),
)
