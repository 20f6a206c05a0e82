"""``POST /labkit/build``: the builder's other door, for ``docker buildx``.

It takes what the classic door can't: secrets, agents, further contexts, a Dockerfile
that lies elsewhere. The body is a row of parts (``parse/build_parts.py``):

    {"part": "options", ...}            first: what ``POST /build`` has in its query,
                                        and ``allow`` (entitlements),
                                        ``nocachestages`` (a list), ``ssh``
                                        (id: socket), ``images`` (name: image
                                        that stands for a context), ``remotes``
                                        (name: where the engine gets a context)
    {"part": "dockerfile"}              its text, if it is not in the context
    {"part": "secret", "name": ID}      bytes for ``RUN --mount=type=secret``
    {"part": "context", "name": ""}     the context, a tar
    {"part": "context", "name": NAME}   a further one

The answer is a row of BuildKit's ``SolveStatus``, a JSON document a line, and last

    {"result": {"ID": "sha256:...", "Names": [...]}}      or
    {"failed": {"message", "code", "filename", "source", "first", "last",
                "place", "path"}}       the last two for a file that isn't there

Secrets are held in memory until the build ends. An empty body is refused by 400, which
tells a client that the door is there.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from aiohttp import web
from multidict import MultiDict

from labkit.api.answers import open_stream, to_line
from labkit.api.body_file import BodyFile
from labkit.api.parse.build import parse_build
from labkit.api.parse.build_parts import Part, read_parts
from labkit.api.parse.images import config_header
from labkit.api.present.solve_status import (
    Line,
    SolveStatus,
    result,
    warnings_line,
)
from labkit.api.requests import Call, Query
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError, LabError
from labkit.builder.model import BuildInput
from labkit.dockerfile.check_options import violation
from labkit.engine.builds.build import Building, BuildOptions, open_build_from
from labkit.engine.builds.warnings import find_warnings

_LISTS = ("t", "extrahosts", "allow", "nocachestages")
_DEFAULT_NAME = "Dockerfile"
_SANDBOX = "buildkitsandbox"


async def build(call: Call) -> web.StreamResponse:
    """Build what comes in parts."""
    if not call.http.can_read_body:
        raise InvalidInputError("there is nothing to build: the request has no body")
    intake = _Intake(call)
    options = await intake.take_options()
    async with open_build_from(call.engine, options, intake.take) as building:
        text, filename = building.dockerfile, intake.filename
        report = await find_warnings(
            call.engine, text, building.request, intake.contexts
        )
        answer = await open_stream(call, "application/json")
        if report.warnings:
            await answer.write(to_line(warnings_line(report.warnings, text, filename)))
        if report.is_error:
            error = InvalidInputError(violation(report.warnings))
            status = SolveStatus(call.engine.clock, text, filename)
            await answer.write(to_line(status.failure(error)))
        else:
            async for lines in _lines(call, building, filename):
                await answer.write(b"".join(map(to_line, lines)))
        await answer.write_eof()
        return answer


async def _lines(
    call: Call, building: Building, filename: str
) -> AsyncIterator[Sequence[Line]]:
    status = SolveStatus(call.engine.clock, building.dockerfile, filename)
    try:
        async for events in building.events():
            if now := [line for event in events for line in status.add(event)]:
                yield now
    except LabError as error:
        yield [status.failure(error)]
        return
    yield [result(building.built, tuple(name.text for name in building.names))]


class _Intake:
    """Takes the parts of one request."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._parts = read_parts(call.http.content)
        self._source = BuildInput("", None)
        self._remote = ""
        self._remotes: dict[str, str] = {}
        self.filename = _DEFAULT_NAME

    @property
    def contexts(self) -> tuple[str, ...]:
        """The names of contexts that were given."""
        return (*self._source.contexts, *self._source.images)

    async def take_options(self) -> BuildOptions:
        """Take the first part, which says how to build."""
        async for part in self._parts:
            if part.kind != "options":
                break
            return self._read_options(part.head)
        raise InvalidInputError("the first part of a build has to be its options")

    async def take(self, folder: Path) -> BuildInput:
        """Put contexts into a folder and return what is to be built."""
        count = 0
        async for part in self._parts:
            if part.kind == "context":
                count += 1
                await self._take_context(part, folder / f"context-{count}")
            elif part.kind == "secret":
                secrets = {**self._source.secrets, part.name: await part.read_all()}
                self._source = replace(self._source, secrets=secrets)
            elif part.kind == "dockerfile":
                text = (await part.read_all()).decode(errors="replace")
                if not text:
                    raise InvalidInputError("the Dockerfile cannot be empty")
                self._source = replace(self._source, dockerfile=text)
            else:
                raise InvalidInputError(f"unknown part {part.kind!r} of a build")
        for name, url in self._remotes.items():
            count += 1
            await self._fetch_named(name, url, folder / f"context-{count}")
        if self._remote:
            await self._fetch(self._remote, folder / "remote")
        return self._source

    def _read_options(self, head: Mapping[str, Any]) -> BuildOptions:
        header = self._call.http.headers.get("X-Registry-Config", "")
        options = parse_build(Query(_as_query(head)))
        named = options.request.arguments.get("BUILDKIT_SANDBOX_HOSTNAME")
        self.filename = options.dockerfile or _DEFAULT_NAME
        ssh = {name: Path(path) for name, path in _map(head, "ssh").items()}
        images = _map(head, "images")
        self._remote = options.remote
        self._remotes = _map(head, "remotes")
        self._source = replace(self._source, ssh=ssh, images=images)
        return replace(
            options,
            request=replace(options.request, sandbox=named or _SANDBOX),
            credentials=config_header(header),
            pull_sources=True,
        )

    async def _take_context(self, part: Part, folder: Path) -> None:
        packed = cast(BinaryIO, BodyFile(part.read))
        await self._call.engine.builder.unpack_context(packed, folder)
        if part.name:
            contexts = {**self._source.contexts, part.name: folder}
            self._source = replace(self._source, contexts=contexts)
        else:
            self._source = replace(self._source, context=folder)

    async def _fetch_named(self, name: str, url: str, folder: Path) -> None:
        if await self._call.engine.builder.fetch_context(url, folder):
            raise InvalidInputError(f"the build context {name!r} is no tar: {url}")
        contexts = {**self._source.contexts, name: folder}
        self._source = replace(self._source, contexts=contexts)

    async def _fetch(self, url: str, folder: Path) -> None:
        text = await self._call.engine.builder.fetch_context(url, folder)
        text = self._source.dockerfile or text
        self._source = replace(self._source, dockerfile=text, context=folder)


def _as_query(options: Mapping[str, Any]) -> MultiDict[str]:
    """Spell options as the classic door has them in its query."""
    query: MultiDict[str] = MultiDict()
    for name, value in options.items():
        if name in _LISTS and isinstance(value, list):
            for one in value:
                query.add(name, str(one))
        elif isinstance(value, bool):
            query.add(name, "1" if value else "0")
        elif isinstance(value, (dict, list)):
            query.add(name, json.dumps(value))
        elif value is not None:
            query.add(name, str(value))
    return query


def _map(head: Mapping[str, Any], name: str) -> dict[str, str]:
    found = head.get(name) or {}
    if not isinstance(found, dict):
        raise InvalidInputError(f"{name} has to be a map of names")
    return {str(key): str(value) for key, value in found.items()}


ROUTES = (Route("POST", "/labkit/build", build, streams=True),)
