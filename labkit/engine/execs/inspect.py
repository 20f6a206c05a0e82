"""``GET /exec/{id}/json``."""

from labkit.engine.engine import Engine
from labkit.engine.model import Exec


async def inspect_exec(engine: Engine, exec_id: str) -> Exec:
    """Return an exec, with its exit code once it has ended."""
    return engine.execs.find(exec_id)
