"""``/networks``."""

from aiohttp import web

from labkit.api.answers import document, empty
from labkit.api.parse.containers import parse_endpoint
from labkit.api.parse.networks import parse_network
from labkit.api.present.networks import describe_network
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.engine.networks.connect import connect_network
from labkit.engine.networks.create import create_network
from labkit.engine.networks.disconnect import disconnect_network
from labkit.engine.networks.inspect import inspect_network
from labkit.engine.networks.list import list_networks
from labkit.engine.networks.prune import prune_networks
from labkit.engine.networks.remove import remove_network


async def create(call: Call) -> web.StreamResponse:
    created = await create_network(
        call.engine, parse_network(await call.body(), call.version)
    )
    return document({"Id": created.id, "Warning": created.warning}, 201)


async def list_all(call: Call) -> web.StreamResponse:
    found = await list_networks(call.engine, call.query.filters())
    return document([describe_network(one) for one in found])


async def inspect(call: Call) -> web.StreamResponse:
    return document(describe_network(await inspect_network(call.engine, call.ref)))


async def remove(call: Call) -> web.StreamResponse:
    await remove_network(call.engine, call.ref)
    return empty()


async def connect(call: Call) -> web.StreamResponse:
    body = await call.body()
    endpoint = parse_endpoint(body.fields("EndpointConfig"))
    await connect_network(call.engine, call.ref, body.text("Container"), endpoint)
    return empty(200)


async def disconnect(call: Call) -> web.StreamResponse:
    body = await call.body()
    container, force = body.text("Container"), body.flag("Force")
    await disconnect_network(call.engine, call.ref, container, force)
    return empty(200)


async def prune(call: Call) -> web.StreamResponse:
    pruned = await prune_networks(call.engine, call.query.filters())
    return document({"NetworksDeleted": list(pruned.deleted) or None})


ROUTES = (
    Route("GET", "/networks", list_all),
    Route("POST", "/networks/create", create),
    Route("POST", "/networks/prune", prune),
    Route("POST", "/networks/{id*}/connect", connect),
    Route("POST", "/networks/{id*}/disconnect", disconnect),
    Route("GET", "/networks/{id*}", inspect),
    Route("DELETE", "/networks/{id*}", remove),
)
