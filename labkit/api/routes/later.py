"""Paths of the API that exist in Docker and not yet here: 501, never silence."""

from aiohttp import web

from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import UnsupportedError


async def refuse(call: Call) -> web.StreamResponse:
    raise UnsupportedError(
        f"this engine does not serve {call.http.method} {call.http.path} yet"
    )


_PATHS = (
    ("POST", "/session"),
    ("POST", "/grpc"),
    ("GET", "/images/search"),
)

ROUTES = tuple(Route(method, path, refuse) for method, path in _PATHS)
