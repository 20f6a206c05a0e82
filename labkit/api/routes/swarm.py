"""Swarm and plugins: asked for by the command line, answered as a dockerd without.

A dockerd reads the request before it looks whether it is a manager, so a bad version
is told first. Only what would make it one (init, join) is refused in words of ours.
"""

import re

from aiohttp import web

from labkit.api.answers import document
from labkit.api.parse.fields import Fields
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import (
    InternalError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from labkit.engine import messages
from labkit.engine.filters import check_names

_LISTS = ("/nodes", "/services", "/tasks", "/secrets", "/configs")
_KINDS = ("nodes", "services", "secrets", "configs")
_CREATES = ("/services/create", "/secrets/create", "/configs/create")
_LARGEST_VERSION = (1 << 64) - 1


async def no_manager(call: Call) -> web.StreamResponse:
    raise UnavailableError(messages.NO_SWARM_MANAGER)


async def no_list(call: Call) -> web.StreamResponse:
    call.query.filters()
    return await no_manager(call)


async def no_change(call: Call) -> web.StreamResponse:
    """Answer a create or an unlock: a body that can't be read is told first."""
    await call.body()
    return await no_manager(call)


async def no_logs(call: Call) -> web.StreamResponse:
    if not (call.query.flag("stdout") or call.query.flag("stderr")):
        raise InternalError(messages.NO_LOG_STREAM)  # containers' logs say 400
    return await no_manager(call)


async def update_swarm(call: Call) -> web.StreamResponse:
    return await _update(call, "swarm", tells_cause=True)


async def update_node(call: Call) -> web.StreamResponse:
    return await _update(call, "node", tells_cause=True)


async def update_service(call: Call) -> web.StreamResponse:
    return await _update(call, "service", tells_cause=True)


async def update_secret(call: Call) -> web.StreamResponse:
    return await _update(call, "secret", tells_cause=False)


async def update_config(call: Call) -> web.StreamResponse:
    return await _update(call, "config", tells_cause=False)


async def leave_swarm(call: Call) -> web.StreamResponse:
    raise UnavailableError(messages.NO_SWARM)


async def enter_swarm(call: Call) -> web.StreamResponse:
    """Refuse to begin or to join a swarm."""
    body: Fields = await call.body()
    if not body.text("ListenAddr"):
        raise InvalidInputError(messages.NO_LISTEN_ADDRESS)
    raise UnsupportedError("this engine cannot be part of a swarm")


async def no_cluster_volume(call: Call) -> web.StreamResponse:
    raise UnavailableError(messages.NO_CLUSTER_VOLUMES)


async def list_plugins(call: Call) -> web.StreamResponse:
    check_names(call.query.filters(), _PLUGIN_FILTERS)
    return document([])


async def no_plugin(call: Call) -> web.StreamResponse:
    raise NotFoundError(messages.no_such_plugin(call.path["name"]))


async def add_plugin(call: Call) -> web.StreamResponse:
    raise UnsupportedError("this engine cannot run plugins")


async def _update(call: Call, kind: str, tells_cause: bool) -> web.StreamResponse:
    await call.body()
    version = call.query.text("version")
    if cause := _version_fault(version):
        named = f"invalid {kind} version"
        raise InvalidInputError(
            f"{named} '{version}': {cause}" if tells_cause else named
        )
    return await no_manager(call)


def _version_fault(text: str) -> str:
    """Say in the words of Go's strconv.ParseUint what is wrong; empty if nothing."""
    if not re.fullmatch(r"[0-9]+", text):
        return f'strconv.ParseUint: parsing "{text}": invalid syntax'
    if len(text.lstrip("0")) > 20 or int(text) > _LARGEST_VERSION:
        return f'strconv.ParseUint: parsing "{text}": value out of range'
    return ""


_PLUGIN_FILTERS = frozenset({"capability", "enabled"})
_PLUGIN_VERBS = ("enable", "disable", "push", "upgrade", "set")

ROUTES = (
    Route("GET", "/swarm", no_manager),
    Route("GET", "/swarm/unlockkey", no_manager),
    Route("POST", "/swarm/init", enter_swarm),
    Route("POST", "/swarm/join", enter_swarm),
    Route("POST", "/swarm/leave", leave_swarm),
    Route("POST", "/swarm/unlock", no_change),
    Route("POST", "/swarm/update", update_swarm),
    Route("POST", "/nodes/{id}/update", update_node),
    Route("POST", "/services/{id}/update", update_service),
    Route("POST", "/secrets/{id}/update", update_secret),
    Route("POST", "/configs/{id}/update", update_config),
    *(Route("GET", page, no_list) for page in _LISTS),
    *(Route("GET", page + "/{id}", no_manager) for page in _LISTS),
    *(Route("DELETE", f"/{kind}/{{id}}", no_manager) for kind in _KINDS),
    *(Route("POST", page, no_change) for page in _CREATES),
    Route("GET", "/services/{id}/logs", no_logs),
    Route("GET", "/tasks/{id}/logs", no_logs),
    Route("PUT", "/volumes/{id}", no_cluster_volume),
    Route("GET", "/plugins", list_plugins),
    Route("GET", "/plugins/privileges", add_plugin),
    Route("GET", "/plugins/{name*}/json", no_plugin),
    Route("POST", "/plugins/pull", add_plugin),
    Route("POST", "/plugins/create", add_plugin),
    *(Route("POST", f"/plugins/{{name*}}/{verb}", no_plugin) for verb in _PLUGIN_VERBS),
    Route("DELETE", "/plugins/{name*}", no_plugin),
)
