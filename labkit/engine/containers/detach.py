"""Leaving an attached container by the detach keys: it goes on, and others are told."""

from labkit.engine.engine import Engine


async def detached(engine: Engine, ref: str) -> None:
    """Tell that a client left by its detach keys."""
    engine.events.container("detach", engine.store.find_container(ref))
