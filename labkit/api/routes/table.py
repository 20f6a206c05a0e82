"""All routes in one table, as the server takes it."""

from aiohttp import web

from labkit.api.requests import Call
from labkit.api.routes import (
    build,
    containers,
    execs,
    extras,
    files,
    images,
    labkit_build,
    later,
    networks,
    registries,
    streams,
    swarm,
    system,
    volumes,
    websocket,
)
from labkit.api.routing import Route

ROUTES: tuple[Route[Call, web.StreamResponse], ...] = (
    *system.ROUTES,
    *containers.ROUTES,
    *streams.ROUTES,
    *websocket.ROUTES,
    *execs.ROUTES,
    *registries.ROUTES,
    *images.ROUTES,
    *build.ROUTES,
    *labkit_build.ROUTES,
    *networks.ROUTES,
    *volumes.ROUTES,
    *swarm.ROUTES,
    *extras.ROUTES,
    *files.ROUTES,
    *later.ROUTES,
)
