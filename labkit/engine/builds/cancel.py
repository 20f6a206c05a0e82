"""``POST /build/cancel``: end somebody else's build, by its id."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from labkit.engine.engine import Engine

Stop = Callable[[], None]


def cancel_build(engine: Engine, build_id: str) -> None:
    """End the builds of an id; having none is no mistake: they may just be over."""
    for stop in tuple(engine.builds.get(build_id, ())):
        stop()


@contextmanager
def cancellable(engine: Engine, build_id: str, stop: Stop) -> Iterator[None]:
    """Have a build be found by its id, if it has one."""
    if not build_id:
        yield
        return
    stops = engine.builds.setdefault(build_id, [])
    stops.append(stop)
    try:
        yield
    finally:
        stops.remove(stop)
        if not stops:
            engine.builds.pop(build_id, None)
