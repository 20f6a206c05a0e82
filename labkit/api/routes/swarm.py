"""Swarm and plugins: asked for by the command line, answered as a dockerd without."""

from aiohttp import web

from labkit.api.answers import document
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import NotFoundError, UnavailableError, UnsupportedError

_NO_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again."
)
_PAGES = ("/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs")
_CREATES = ("/services/create", "/secrets/create", "/configs/create")


async def no_manager(call: Call) -> web.StreamResponse:
    raise UnavailableError(_NO_MANAGER)


async def no_swarm(call: Call) -> web.StreamResponse:
    raise UnsupportedError("this engine cannot be part of a swarm")


async def list_plugins(call: Call) -> web.StreamResponse:
    return document([])


async def inspect_plugin(call: Call) -> web.StreamResponse:
    raise NotFoundError(f'plugin "{call.path["name"]}" not found')


ROUTES = (
    *(Route("GET", page, no_manager) for page in _PAGES),
    *(Route("GET", page + "/{id}", no_manager) for page in _PAGES),
    *(Route("POST", page, no_manager) for page in _CREATES),
    Route("POST", "/swarm/leave", no_manager),
    Route("POST", "/swarm/init", no_swarm),
    Route("POST", "/swarm/join", no_swarm),
    Route("GET", "/plugins", list_plugins),
    Route("GET", "/plugins/{name*}/json", inspect_plugin),
)
