"""Ending the questions: apart from ``monitor``, for what an exit settles needs it."""

from labkit.engine.engine import Engine


def stop_asking(engine: Engine, container_id: str) -> None:
    """Stop asking a container: it is paused, or has ended."""
    task = engine.monitors.pop(container_id, None)
    if task is not None:
        task.cancel()
