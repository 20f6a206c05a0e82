"""``POST /containers/{id}/resize``: the terminal of the client changed its size."""

from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow


async def resize(engine: Engine, ref: str, height: int, width: int) -> None:
    """Give a container's terminal a new size; its programs get SIGWINCH.

    Without a terminal there is nothing to do, and nobody is told off for it.
    """
    container = engine.store.find_container(ref)
    follow(container, "resize")
    if container.config.tty:
        await engine.runtime.resize(container.id, None, height, width)
    about = {"height": str(height), "width": str(width)}
    engine.events.container("resize", container, about)
