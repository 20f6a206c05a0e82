"""``/exec`` and ``/containers/{id}/exec``: further processes in a container."""

import contextlib
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from labkit.api.answers import document, empty
from labkit.api.detach_keys import parse_keys
from labkit.api.frames import STDOUT, Unframer, frame
from labkit.api.hijack import HijackedConnection, HijackedResponse, hijack
from labkit.api.log_lines import stream_type
from labkit.api.parse.containers import parse_exec
from labkit.api.present.execs import describe_exec
from labkit.api.pump import End, Translate, pump
from labkit.api.requests import Call
from labkit.api.routes.containers import terminal_size
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError, LabError, NotFoundError
from labkit.engine import messages
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.inspect import inspect_exec
from labkit.engine.execs.resize import resize_exec
from labkit.engine.execs.start import start_exec
from labkit.engine.model import Exec
from labkit.engine.ports import Stream


@dataclass(frozen=True, slots=True)
class _Manners:
    """How the client of a start wants to be talked to."""

    console: tuple[int, int]
    keys: bytes
    raw: bool  # Tty in the request to start, whatever the exec was created with


async def create(call: Call) -> web.StreamResponse:
    config = parse_exec(await call.body())
    try:
        parse_keys(config.detach_keys)
    except InvalidInputError:
        said = messages.invalid_escape_keys(config.detach_keys)
        raise InvalidInputError(said) from None
    exec_id = await create_exec(call.engine, call.ref, config)
    return document({"Id": exec_id}, 201)


async def start(call: Call) -> web.StreamResponse:
    body = await call.body()
    found = await inspect_exec(call.engine, call.ref)
    size = body.integers("ConsoleSize")
    console = (size[0], size[1]) if len(size) == 2 else (0, 0)
    if body.flag("Detach"):
        work = start_exec(call.engine, call.ref, True, body.flag("Tty"), console)
        await call.engine.complete(work, "exec start")
        return empty(200)
    keys = parse_keys(found.config.detach_keys)
    manners = _Manners(console, keys, raw=body.flag("Tty"))
    with hijack(call, stream_type(call.version, manners.raw)) as client:
        await _join(call, client, found, manners)
    return HijackedResponse()


async def _join(
    call: Call,
    client: HijackedConnection,
    found: Exec,
    manners: _Manners,
) -> None:
    tty = found.config.tty
    try:
        process = await start_exec(call.engine, found.id, False, tty, manners.console)
    except LabError as error:
        # The header is out, so the reason goes where the output would have gone; the
        # command line asks for the exit code afterwards (moby, exec.go).
        text = f"{error.message}\r\n".encode()
        client.writer.write(text if manners.raw else frame(STDOUT, text))
        return
    if process is None:
        return
    try:
        joined = Stream(client.reader, client.writer)
        if await _pump(joined, process, tty, manners) is End.FINISHED:
            await _wait_for_end(call, found.id)
    finally:
        process.writer.close()


async def _pump(client: Stream, process: Stream, tty: bool, manners: _Manners) -> End:
    """Join the two; frames are what the client expects, not what the process makes.

    The shim frames what has no terminal. moby goes by the ``Tty`` of the start alone:
    an SDK that created with a terminal and starts without one reads frames.
    """
    if tty == manners.raw:
        translate: Translate = bytes
    else:
        translate = Unframer().feed if manners.raw else partial(frame, STDOUT)
    return await pump(client, process, manners.keys if tty else None, translate)


async def _wait_for_end(call: Call, exec_id: str) -> None:
    """Close only when the exit code is known: clients ask for it at once.

    The end of the output and the end of the process come by different ways; a process
    may also have closed its outputs and live on. There is no bound: the wait ends with
    the process, with its container, or, cancelled, with the client.
    """
    with contextlib.suppress(NotFoundError):  # the container went, and its execs
        await call.engine.execs.wait(exec_id)


async def inspect(call: Call) -> web.StreamResponse:
    return document(describe_exec(await inspect_exec(call.engine, call.ref)))


async def resize(call: Call) -> web.StreamResponse:
    height, width = terminal_size(call)
    await resize_exec(call.engine, call.ref, height, width)
    return empty(200)


ROUTES = (
    Route("POST", "/containers/{id*}/exec", create),
    Route("POST", "/exec/{id}/start", start, streams=True),
    Route("GET", "/exec/{id}/json", inspect),
    Route("POST", "/exec/{id}/resize", resize),
)
