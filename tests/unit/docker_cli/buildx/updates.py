"""Lines of a build's stream, for the tests of those who draw them."""

import base64
from typing import Any

from labkit.docker_cli.buildx.status import Update, read_update


def at(second: float) -> str:
    whole, part = divmod(round(second * 1000), 1000)
    return f"2026-01-01T00:{whole // 60:02}:{whole % 60:02}.{part:03}Z"


def vertex(digest: str, name: str, **values: Any) -> Update:
    times = {k: at(v) for k, v in values.items() if k in ("started", "completed")}
    return read_update(
        {"vertexes": [{"digest": digest, "name": name, **values, **times}]}
    )


def log(digest: str, text: str, second: float) -> Update:
    data = base64.b64encode(text.encode()).decode()
    return read_update(
        {"logs": [{"vertex": digest, "data": data, "timestamp": at(second)}]}
    )


def task(digest: str, name: str, **values: Any) -> Update:
    times = {k: at(v) for k, v in values.items() if k in ("started", "completed")}
    raw = {"vertex": digest, "id": name, **values, **times}
    return read_update({"statuses": [raw]})


def warning(short: str) -> Update:
    return read_update({"warnings": [warning_raw(short)]})


def warning_raw(short: str) -> dict[str, Any]:
    return {
        "vertex": "",
        "short": base64.b64encode(short.encode()).decode(),
        "detail": [base64.b64encode(b"the detail").decode()],
        "url": "https://x/",
        "sourceInfo": {
            "filename": "Dockerfile",
            "data": base64.b64encode(b"FROM a\nCMD b\n").decode(),
        },
        "range": [{"start": {"line": 2}, "end": {"line": 2}}],
    }
