"""``--call``: what is asked of a build instead of building it.

``--call=METHOD[,format=json][,ignorestatus=true]``; each method is a function that
gives an ``Answer``, by ``METHODS``. What is printed is what BuildKit prints.
"""

import base64
import csv
import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.values import read_bool
from labkit.dockerfile.errors import Lines

_CHECK = "lint"
# Late: to read and check a Dockerfile takes much that a build doesn't need.
METHODS = {
    "lint": ("checks", "check"),
    "outline": ("outlines", "outline_target"),
    "targets": ("outlines", "list_targets"),
    "subrequests.describe": ("outlines", "describe_methods"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What ``--call`` says."""

    method: str
    format: str = ""
    ignores_status: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method found: as text, as JSON, the code, and what is wrong if it is."""

    text: str
    json: str
    code: int = 0
    error: str = ""


def wanted_call(given: Given) -> Call | None:
    """Return what is asked for instead of a build, if anything is.

    Raises:
        BuildxError: it makes no sense.
    """
    call = read_call(given.text("call")) if given.text("call") else Call("build")
    if call.method == "build" and given.is_set("check"):
        return Call(_CHECK)
    return None if call.method == "build" else call


def read_call(text: str) -> Call:
    """Read the flag's value.

    Raises:
        BuildxError: a field is unknown, or a second method is named.
    """
    method, format_, ignores = "", "", False
    for field in next(csv.reader([text])):
        name, equals, value = field.partition("=")
        if not equals:
            if method:
                raise BuildxError(f"invalid print value: {text}")
            method = field
        elif name == "format":
            format_ = value
        elif name == "ignorestatus":
            ignores = _read_bool(value)
        else:
            raise BuildxError(f"invalid print field: {field}")
    return Call(_CHECK if method == "check" else method, format_, ignores)


def answer_call(engine: Engine, material: Material, call: Call) -> Answer:
    """Ask a build.

    Raises:
        BuildFailedError: the Dockerfile can't be read.
        BuildxError: there is no such method.
    """
    if call.method not in METHODS:
        name = call.method
        name = name if name.startswith("frontend.") else f"frontend.{name}"
        raise BuildxError(f"failed to solve: unsupported request {name}")
    module, function = METHODS[call.method]
    found = importlib.import_module(f"labkit.docker_cli.buildx.{module}")
    return cast(Answer, getattr(found, function)(engine, material))


def printed(answer: Answer, call: Call) -> str:
    return f"{answer.json}\n" if call.format == "json" else answer.text


def code_of(answer: Answer, call: Call) -> int:
    return 0 if call.ignores_status else answer.code


def document(value: Any) -> str:
    """Spell JSON as Go does, which takes care that a page may hold it."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def location(lines: Lines) -> dict[str, Any]:
    """Say where something stands: a range a line."""
    numbers = range(lines.first, lines.last + 1)
    return {"ranges": [{"start": {"line": n}, "end": {"line": n}} for n in numbers]}


def columns(rows: Sequence[tuple[str, ...]], gap: int) -> str:
    """Print rows as Go's tabwriter does: the last column is as long as its text."""
    count = len(rows[0]) - 1
    widths = [max(len(row[at]) for row in rows) + gap for at in range(count)]
    lines = (
        "".join(row[at].ljust(widths[at]) for at in range(count)) + row[-1]
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _read_bool(text: str) -> bool:
    try:
        return read_bool(text)
    except ValueError as error:
        raise BuildxError(
            f"invalid ignorestatus print value: {text}: {error}"
        ) from error
