"""``/containers`` and ``/commit``: a container's files, and images made of them."""

from aiohttp import web

from labkit.api.answers import document
from labkit.api.parse.containers import parse_config
from labkit.api.present.files import describe_change
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.engine.containers.changes import changes
from labkit.engine.containers.commit import CommitOptions, commit


async def list_changes(call: Call) -> web.StreamResponse:
    found = await changes(call.engine, call.ref)
    # Where nothing changed, Go's encoder writes the list that was never made.
    return document([describe_change(one) for one in found] or None)


async def commit_container(call: Call) -> web.StreamResponse:
    query = call.query
    config = parse_config(await call.body())
    options = CommitOptions(
        repo=query.text("repo"),
        tag=query.text("tag"),
        comment=query.text("comment"),
        author=query.text("author"),
        changes=query.texts("changes"),
        pause=query.flag("pause", default=True),
    )
    image = await commit(call.engine, query.text("container"), options, config)
    return document({"Id": image.id.text}, 201)


ROUTES = (
    Route("GET", "/containers/{id}/changes", list_changes),
    Route("POST", "/commit", commit_container),
)
