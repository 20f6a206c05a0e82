"""What everybody is told when a container runs."""

from labkit.engine.engine import Engine
from labkit.engine.health.monitor import watch_health
from labkit.engine.model import Container


def tell_started(engine: Engine, container: Container) -> None:
    """Publish the events of a start, in Docker's order; begin to ask for its health."""
    for point in container.mounts:
        volume = engine.store.volume(point.name) if point.name else None
        if volume is not None:
            about = {
                "container": container.id,
                "destination": point.destination,
                "propagation": point.propagation,
                "read/write": "true" if point.writable else "false",
            }
            engine.events.volume("mount", volume, about)
    engine.events.container("start", container)
    watch_health(engine, container)
