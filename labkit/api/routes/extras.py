"""``/labkit``: what this engine tells beyond Docker's API."""

from aiohttp import web

from labkit import __version__
from labkit.api.answers import document
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.codec import encode, same_name
from labkit.engine.xray import xray


async def show_xray(call: Call) -> web.StreamResponse:
    return document(encode(await xray(call.engine, call.path["name"]), same_name))


async def show_facts(call: Call) -> web.StreamResponse:
    """Say that this is labkit, where its data lies, and how to step inside."""
    config = call.engine.config
    return document(
        {
            "version": __version__,
            "engine_id": config.engine_id,
            "data_root": str(config.data_root),
            "cgroup_parent": config.cgroup_parent,
            "network_namespace": await call.machine.network_namespace(),
        }
    )


ROUTES = (
    Route("GET", "/labkit/xray/{name}", show_xray),
    Route("GET", "/labkit/facts", show_facts),
)
