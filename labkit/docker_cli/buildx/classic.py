"""``POST /build``, for an engine that is not labkit's: fewer options, coarser progress.

The lines of the classic builder are turned into the same updates, so that everything
that follows is one: ``Step 2/5 : RUN x`` starts a step and ends the one before.
"""

import base64
import hashlib
import json
import re
import secrets as random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from labkit.docker_cli.buildx.door import Result, Tell
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.packing import one_file
from labkit.docker_cli.buildx.status import read_update

_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)", re.DOTALL)
_BUILT = re.compile(r"Successfully built ([0-9a-f]+)")
_CHATTER = re.compile(
    r" ---> (Running in )?[0-9a-f]{12}\n|Remov(ing|ed) intermediate "
    r"|Successfully tagged "
)
_AS_JSON = ("buildargs", "labels", "ulimits", "cachefrom")
_DOCKERFILE = ".dockerfile."


def build(
    engine: Engine, material: Material, auth: Mapping[str, str], tell: Tell
) -> Result:
    """Have something built by the classic builder; ``auth`` says who pulls.

    Raises:
        BuildFailedError: an instruction went wrong.
        BuildxError: something was asked for that this door can't carry.
    """
    _refuse(material)
    query, name = dict(material.options), ""
    if material.dockerfile_text is not None:
        name = query["dockerfile"] = f"{_DOCKERFILE}{random.token_hex(10)}"
    for key in _AS_JSON:
        if key in query:
            query[key] = json.dumps(query[key])
    for key in ("nocache", "pull"):
        if key in query:
            query[key] = "1"
    answer = engine.request(
        "POST",
        "/build",
        {"version": "1", "rm": "1", **query},
        _body(material, name),
        {"Content-Type": "application/x-tar", **auth},
    )
    steps = _Steps(tell)
    for line in answer.values():
        steps.add(line)
    steps.end()
    if not steps.image:
        raise BuildxError("the engine ended the build without an image")
    image = engine.get(f"/images/{steps.image}/json")
    return Result(image["Id"], tuple(material.options.get("t", ())))


def _refuse(material: Material) -> None:
    named = set(material.contexts) - {""}
    asked = (
        (material.secrets, "--secret"),
        (material.ssh, "--ssh"),
        (material.options.get("nocachestages"), "--no-cache-filter"),
        (named or material.images or material.remotes, "--build-context"),
    )
    for values, flag in asked:
        if values:
            raise BuildxError(
                f"{flag} needs the builder of labkit's engine: this engine has the "
                "classic one only"
            )


def _body(material: Material, name: str) -> Iterator[bytes]:
    """Yield the context; a Dockerfile goes in front of it, under a name of its own."""
    if name:
        assert material.dockerfile_text is not None
        yield from one_file(name, material.dockerfile_text.encode())
    if pieces := material.contexts.get(""):
        yield from pieces()
    else:
        yield b"\0" * 10240


class _Steps:
    """The steps of a classic build, as they are told of."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._now: dict[str, Any] | None = None
        self.image = ""

    def add(self, line: dict[str, Any]) -> None:
        if "error" in line:
            self._fail(line)
        self.image = (line.get("aux") or {}).get("ID", "") or self.image
        text = line.get("stream", "")
        if step := _STEP.match(text):
            self.end()
            self._start(step)
        elif built := _BUILT.match(text):
            self.image = built[1]
        elif text.startswith(" ---> Using cache"):
            self._change(cached=True)
        elif text.strip() and not _CHATTER.match(text) and self._now is not None:
            self._log(text)

    def end(self) -> None:
        if self._now is not None:
            self._change(completed=_now())
            self._now = None

    def _start(self, step: re.Match[str]) -> None:
        name = f"[{step[1]}/{step[2]}] {step[3].strip()}"
        digest = f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
        self._now = {"digest": digest, "name": name}
        self._change(started=_now())

    def _change(self, **values: Any) -> None:
        if self._now is not None:
            self._now |= values
            self._tell(read_update({"vertexes": [dict(self._now)]}))

    def _log(self, text: str) -> None:
        assert self._now is not None
        data = base64.b64encode(text.encode()).decode()
        log = {"vertex": self._now["digest"], "stream": 1, "data": data}
        self._tell(read_update({"logs": [{**log, "timestamp": _now()}]}))

    def _fail(self, line: dict[str, Any]) -> None:
        message = str(line["error"])
        if self._now is not None:
            self._change(completed=_now(), error=message)
        raise BuildFailedError(message)


def _now() -> str:
    return datetime.now(UTC).isoformat()
