"""``POST /labkit/build``: what the classic door can't carry, in one request.

The body is a row of parts. Each starts with a line of JSON that says what it is, and is
followed by pieces: four bytes, big-endian, say how many bytes come next; none ends the
part. The end of the body ends the row.

    {"part": "options", ...}            always the first, and without bytes
    {"part": "dockerfile"}              its text, if it doesn't lie in the context
    {"part": "secret", "name": ID}      bytes for RUN --mount=type=secret,id=ID
    {"part": "context", "name": NAME}   ``--build-context NAME=...``, a tar
    {"part": "context", "name": ""}     the build context, a tar, the last part

The options are those of ``POST /build`` under its names, as JSON: ``dockerfile``,
``t`` (a list), ``buildargs``, ``labels``, ``target``, ``platform``, ``networkmode``,
``nocache``, ``pull``, ``extrahosts`` (a list), ``shmsize``, ``ulimits``, ``cachefrom``
(a list), ``remote``. Beyond those: ``allow`` is a list of entitlements,
``nocachestages`` one of stages in which all is done anew, ``ssh`` maps
an id to the socket of an agent on this machine, ``images`` maps the name of a build
context to an image, ``remotes`` to a URL that the engine is to fetch.

The answer is a JSON document a line: BuildKit's ``SolveStatus`` (see ``status``), its
checks among the warnings, and at the end either of

    {"result": {"ID": "sha256:...", "Names": ["docker.io/library/x:latest"]}}
    {"failed": {"message": ..., "code": N, "filename", "source", "first", "last"}}

where ``source`` and the lines are there if the Dockerfile is to blame, and ``place``
and ``path`` if a file isn't there. What is wrong
before anything was built may be an ordinary refusal with its status instead. An empty
body is refused by 400: that is how a client finds out whether the door is there.
"""

import json
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from labkit.docker_cli.buildx.agents import open_agents
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import (
    BuildFailedError,
    BuildxError,
    NoDoorError,
    RefusedError,
    Source,
)
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.status import Update, read_update

_PARSE_ERROR = re.compile(r"dockerfile parse error on line (\d+): ")

Tell = Callable[[Update], None]
_PATH = "/labkit/build"
_CONTEXT = "local://context"
_TYPE = "application/vnd.labkit.build"


@dataclass(frozen=True, slots=True)
class Result:
    """The image that was built, and what it is called."""

    id: str
    names: tuple[str, ...] = ()


def is_there(engine: Engine) -> bool:
    """Say whether the engine has this door; a context can't be sent twice."""
    try:
        engine.request("POST", _PATH, headers={"Content-Type": _TYPE}).read()
    except NoDoorError:
        return False
    except RefusedError:
        pass  # an empty request is refused: that was the question
    return True


def build(
    engine: Engine, material: Material, auth: Mapping[str, str], tell: Tell
) -> Result:
    """Have something built; ``auth`` says who pulls, ``tell`` hears how it goes.

    Raises:
        BuildFailedError: an instruction went wrong.
    """
    with open_agents(material.ssh) as agents:
        return _build(engine, replace(material, ssh=agents), auth, tell)


def _build(
    engine: Engine, material: Material, auth: Mapping[str, str], tell: Tell
) -> Result:
    headers = {"Content-Type": _TYPE, **auth}
    try:
        answer = engine.request("POST", _PATH, None, _body(material), headers)
    except RefusedError as error:
        where = _blamed(str(error), material)
        raise BuildFailedError(str(error), 1, where) from error
    for line in answer.values():
        if "result" in line:
            found = line["result"]
            return Result(found["ID"], tuple(found.get("Names") or ()))
        if "failed" in line:
            raise _failure(line["failed"], material)
        tell(read_update(line))
    raise BuildxError("the engine ended the build without a word")


def _body(material: Material) -> Iterator[bytes]:
    yield from _part({"part": "options", **_options(material)}, ())
    if material.dockerfile_text is not None:
        yield from _part({"part": "dockerfile"}, (material.dockerfile_text.encode(),))
    for name, value in material.secrets.items():
        yield from _part({"part": "secret", "name": name}, (value,))
    # The nameless one comes last: the engine reads it while it comes in.
    for name in sorted(material.contexts, reverse=True):
        pieces = material.contexts[name]()
        yield from _part({"part": "context", "name": name}, pieces)


def _part(head: dict[str, Any], pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield json.dumps(head).encode() + b"\n"
    for piece in filter(None, pieces):
        yield struct.pack(">I", len(piece)) + piece
    yield struct.pack(">I", 0)


def _options(material: Material) -> dict[str, Any]:
    options = dict(material.options)
    options["ssh"] = dict(material.ssh)
    options["images"] = dict(material.images)
    options["remotes"] = dict(material.remotes)
    return options


def _blamed(message: str, material: Material) -> Source | None:
    """Find the line that a refusal names."""
    found = _PARSE_ERROR.match(message)
    if found is None or material.dockerfile_text is None:
        return None
    name, text, line = material.dockerfile_name, material.dockerfile_text, int(found[1])
    return Source(name, text, line, line)


def _failure(found: dict[str, Any], material: Material) -> BuildFailedError:
    source = None
    if found.get("source"):
        source = Source(
            found.get("filename") or "Dockerfile",
            found["source"],
            int(found.get("first") or 1),
            int(found.get("last") or found.get("first") or 1),
        )
    message = str(found.get("message"))
    if found.get("place") == _CONTEXT:
        path = str(found.get("path")).lstrip("/")
        if material.ignore.excludes(path):  # which the engine can't know: it isn't sent
            message += f" (.dockerignore leaves {path} out)"
    return BuildFailedError(message, 1, source)
