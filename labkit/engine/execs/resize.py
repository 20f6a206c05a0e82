"""``POST /exec/{id}/resize``."""

from labkit.base.errors import InternalError
from labkit.engine.engine import Engine


async def resize_exec(engine: Engine, exec_id: str, height: int, width: int) -> None:
    """Give an exec's terminal a new size."""
    record = engine.execs.find(exec_id)
    if not record.running:
        raise InternalError(f"cannot resize a stopped container: exec {exec_id}")
    if record.config.tty:
        await engine.runtime.resize(record.container_id, record.id, height, width)
