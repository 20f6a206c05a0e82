"""``/containers``: everything that is one question and one answer."""

from aiohttp import web

from labkit.api.answers import document, empty
from labkit.api.parse.containers import (
    parse_config,
    parse_endpoints,
    parse_host_config,
    parse_update,
)
from labkit.api.present.containers import describe_container, describe_summary
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError
from labkit.engine.containers.create import create
from labkit.engine.containers.inspect import inspect
from labkit.engine.containers.kill import kill
from labkit.engine.containers.list import list_containers
from labkit.engine.containers.pause import pause
from labkit.engine.containers.prune import prune_containers
from labkit.engine.containers.remove import remove
from labkit.engine.containers.rename import rename
from labkit.engine.containers.resize import resize
from labkit.engine.containers.restart import restart
from labkit.engine.containers.start import start
from labkit.engine.containers.stop import stop
from labkit.engine.containers.top import top
from labkit.engine.containers.unlink import unlink
from labkit.engine.containers.unpause import unpause
from labkit.engine.containers.update import update
from labkit.engine.links import find_linked


async def create_container(call: Call) -> web.StreamResponse:
    body = await call.body()
    if body.is_empty:
        raise InvalidInputError("config cannot be empty in order to create a container")
    created = await create(
        call.engine,
        call.query.text("name"),
        parse_config(body),
        parse_host_config(body.fields("HostConfig")),
        parse_endpoints(body),
        platform=call.query.text("platform"),
    )
    return document({"Id": created.id, "Warnings": list(created.warnings)}, 201)


async def list_all(call: Call) -> web.StreamResponse:
    query = call.query
    summaries = await list_containers(
        call.engine,
        all=query.flag("all"),
        limit=query.integer("limit") or 0,
        size=query.flag("size"),
        filters=query.filters(),
    )
    now = call.engine.clock.now_ns()
    return document([describe_summary(one, now, call.version) for one in summaries])


async def inspect_container(call: Call) -> web.StreamResponse:
    details = await inspect(call.engine, call.ref, size=call.query.flag("size"))
    return document(describe_container(details, call.version))


async def start_container(call: Call) -> web.StreamResponse:
    await start(call.engine, call.ref)
    return empty()


async def stop_container(call: Call) -> web.StreamResponse:
    signal, timeout = call.query.text("signal"), call.query.integer("t")
    await stop(call.engine, call.ref, signal=signal, timeout=timeout)
    return empty()


async def restart_container(call: Call) -> web.StreamResponse:
    signal, timeout = call.query.text("signal"), call.query.integer("t")
    await restart(call.engine, call.ref, signal=signal, timeout=timeout)
    return empty()


async def kill_container(call: Call) -> web.StreamResponse:
    await kill(call.engine, call.ref, signal=call.query.text("signal"))
    return empty()


async def pause_container(call: Call) -> web.StreamResponse:
    await pause(call.engine, call.ref)
    return empty()


async def unpause_container(call: Call) -> web.StreamResponse:
    await unpause(call.engine, call.ref)
    return empty()


async def rename_container(call: Call) -> web.StreamResponse:
    await rename(call.engine, call.ref, call.query.text("name"))
    return empty()


async def update_container(call: Call) -> web.StreamResponse:
    await update(call.engine, call.ref, parse_update(await call.body()))
    return document({"Warnings": None})


async def remove_container(call: Call) -> web.StreamResponse:
    await remove(
        call.engine,
        call.ref,
        force=call.query.flag("force"),
        volumes=call.query.flag("v"),
        link=call.query.flag("link"),
    )
    return empty()


async def remove_by_link(call: Call) -> web.StreamResponse:
    """``web/alias``: with ``link`` the link goes, without it the container behind."""
    parent, alias = call.ref, call.path["alias"]
    if call.query.flag("link"):
        await unlink(call.engine, parent, alias)
        return empty()
    await remove(
        call.engine,
        find_linked(call.engine, parent, alias).id,
        force=call.query.flag("force"),
        volumes=call.query.flag("v"),
    )
    return empty()


async def resize_terminal(call: Call) -> web.StreamResponse:
    height, width = terminal_size(call)
    await resize(call.engine, call.ref, height, width)
    return empty(200)


async def list_processes(call: Call) -> web.StreamResponse:
    table = await top(call.engine, call.ref, call.query.text("ps_args"))
    rows = [list(row) for row in table.processes]
    return document({"Titles": list(table.titles), "Processes": rows})


async def prune(call: Call) -> web.StreamResponse:
    pruned = await prune_containers(call.engine, call.query.filters())
    deleted = list(pruned.deleted) or None
    return document({"ContainersDeleted": deleted, "SpaceReclaimed": pruned.space})


def terminal_size(call: Call) -> tuple[int, int]:
    """Read the query of both resizes: rows and columns, both needed."""
    height, width = call.query.integer("h"), call.query.integer("w")
    if height is None or width is None:
        raise InvalidInputError('strconv.Atoi: parsing "": invalid syntax')
    return height, width


ROUTES = (
    Route("POST", "/containers/create", create_container),
    Route("GET", "/containers/json", list_all),
    Route("POST", "/containers/prune", prune),
    Route("GET", "/containers/{id*}/json", inspect_container),
    Route("POST", "/containers/{id*}/start", start_container),
    Route("POST", "/containers/{id*}/stop", stop_container),
    Route("POST", "/containers/{id*}/restart", restart_container),
    Route("POST", "/containers/{id*}/kill", kill_container),
    Route("POST", "/containers/{id*}/pause", pause_container),
    Route("POST", "/containers/{id*}/unpause", unpause_container),
    Route("POST", "/containers/{id*}/rename", rename_container),
    Route("POST", "/containers/{id*}/update", update_container),
    Route("POST", "/containers/{id*}/resize", resize_terminal),
    Route("GET", "/containers/{id*}/top", list_processes),
    Route("DELETE", "/containers/{id}/{alias}", remove_by_link),
    Route("DELETE", "/containers/{id*}", remove_container),
)
