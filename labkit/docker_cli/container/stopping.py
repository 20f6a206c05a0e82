"""How ``stop`` and ``restart`` end a container: by which signal, and how soon."""

from __future__ import annotations

from labkit.docker_cli.flags import Rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.flags import Values

STOP_RULES = Rules(renamed={"time": "!timeout"})


def stop_query(values: Values) -> dict[str, object]:
    """Return what the API is told; what was not typed is the engine's to choose."""
    query: dict[str, object] = {}
    if values.text("signal"):
        query["signal"] = values.text("signal")
    if "timeout" in values.changed:
        query["t"] = values.number("timeout")
    return query
