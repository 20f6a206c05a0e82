"""Paths of the API that exist in Docker and not yet here: 501, never silence."""

from aiohttp import web

from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import UnsupportedError


async def refuse(call: Call) -> web.StreamResponse:
    raise UnsupportedError(
        f"this engine does not serve {call.http.method} {call.http.path} yet"
    )


async def search(call: Call) -> web.StreamResponse:
    raise UnsupportedError(
        "this engine cannot search Docker Hub: look at https://hub.docker.com/search, "
        "or let 'labkit images list' tell what is bundled"
    )


_PATHS = (
    ("POST", "/session"),
    ("POST", "/grpc"),
)

ROUTES = (
    *(Route(method, path, refuse) for method, path in _PATHS),
    Route("GET", "/images/search", search),
)
