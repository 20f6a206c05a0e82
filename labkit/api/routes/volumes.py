"""``/volumes``."""

from aiohttp import web

from labkit.api.answers import document, empty
from labkit.api.present.volumes import describe_volume
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.api.versions import ApiVersion
from labkit.base.errors import UnavailableError
from labkit.engine import messages
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.inspect import inspect_volume
from labkit.engine.volumes.list import list_volumes
from labkit.engine.volumes.prune import prune_volumes
from labkit.engine.volumes.remove import remove_volume

_IN_A_SWARM = ApiVersion(1, 42)
"""Since then there are volumes of a swarm."""

_ONLY_ANONYMOUS = ApiVersion(1, 42)
"""Since then ``prune`` leaves named volumes alone unless it is told ``all``."""


async def create(call: Call) -> web.StreamResponse:
    body = await call.body()
    if call.version >= _IN_A_SWARM and "ClusterVolumeSpec" in body:
        raise UnavailableError(messages.NO_SWARM_MANAGER)
    volume = await create_volume(
        call.engine,
        body.text("Name"),
        body.text("Driver"),
        body.text_map("Labels"),
        body.text_map("DriverOpts"),
    )
    return document(describe_volume(volume), 201)


async def list_all(call: Call) -> web.StreamResponse:
    volumes = await list_volumes(call.engine, call.query.filters())
    rows = [describe_volume(volume) for volume in volumes]
    return document({"Volumes": rows, "Warnings": None})


async def inspect(call: Call) -> web.StreamResponse:
    return document(describe_volume(await inspect_volume(call.engine, call.ref)))


async def remove(call: Call) -> web.StreamResponse:
    await remove_volume(call.engine, call.ref, call.query.flag("force"))
    return empty()


async def prune(call: Call) -> web.StreamResponse:
    filters = call.query.filters()
    if call.version < _ONLY_ANONYMOUS:
        filters = {"all": ("true",), **filters}
    pruned = await prune_volumes(call.engine, filters)
    deleted = list(pruned.deleted)  # an empty list, where other prunes say null
    return document({"VolumesDeleted": deleted, "SpaceReclaimed": pruned.space})


ROUTES = (
    Route("GET", "/volumes", list_all),
    Route("POST", "/volumes/create", create),
    Route("POST", "/volumes/prune", prune),
    Route("GET", "/volumes/{id*}", inspect),
    Route("DELETE", "/volumes/{id*}", remove),
)
