"""What a contract test makes in an engine, and how two answers become comparable."""

import contextlib
import re
import socket
from collections.abc import Iterator
from typing import Any

from tests.engines import TEST_IMAGE, Engine

PREFIX = "labtest-"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(sha256:)?[0-9a-f]{64}"), "<id>"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "<short id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "<time>"),
    (re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}"), "<mac>"),
    (re.compile(r"\b(10|172|192)\.\d+\.\d+\.\d+\b"), "<address>"),
    (re.compile(r"^(Up|Exited \(\d+\)) .*"), r"\1 <time>"),
)
_ZERO_TIME = "0001-01-01T00:00:00Z"


def normalise(value: Any, key: str = "") -> Any:
    """Put words in the place of ids, times and addresses, which never agree."""
    if isinstance(value, dict):
        return {_text(name): normalise(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [normalise(item, key) for item in value]
    if isinstance(value, str) and value != _ZERO_TIME:
        return _text(value)
    if key in ("Created", "time", "timeNano") and isinstance(value, int):
        return "<time>"
    return value


def _text(value: str) -> str:
    for pattern, word in _RULES:
        value = pattern.sub(word, value)
    return value


@contextlib.contextmanager
def container(
    engine: Engine, name: str, start: bool = True, **body: Any
) -> Iterator[str]:
    """Make a container, give its id, and remove it."""
    status, answer = engine.json(
        "POST",
        f"/v1.41/containers/create?name={PREFIX}{name}",
        {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"], **body},
    )
    assert status == 201, answer
    path = f"/v1.41/containers/{answer['Id']}"
    try:
        if start:
            status, failure = engine.json("POST", f"{path}/start")
            assert status == 204, failure
        yield answer["Id"]
    finally:
        engine.request("DELETE", f"{path}?force=1&v=1")


@contextlib.contextmanager
def network(engine: Engine, name: str, **body: Any) -> Iterator[str]:
    """Make a network, give its id, and remove it."""
    status, answer = engine.json(
        "POST", "/v1.41/networks/create", {"Name": f"{PREFIX}{name}", **body}
    )
    assert status == 201, answer
    try:
        yield answer["Id"]
    finally:
        engine.request("DELETE", f"/v1.41/networks/{answer['Id']}")


def free_port() -> int:
    """Return a TCP port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
