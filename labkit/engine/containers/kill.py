"""``docker kill``: any signal, SIGKILL unless said otherwise."""

from labkit.engine.engine import Engine
from labkit.engine.halt import SIGKILL, kill_and_wait, send_signal
from labkit.engine.lifecycle import follow
from labkit.engine.signals import parse_signal


async def kill(engine: Engine, ref: str, signal: str = "") -> None:
    """Send a signal; after SIGKILL return only when the container has ended.

    Raises:
        InvalidInputError: there is no such signal.
        ConflictError: the container does not run.
    """
    number = parse_signal(signal) if signal else SIGKILL
    container = engine.store.find_container(ref)
    follow(container, "kill")
    work = (
        kill_and_wait(engine, container.id)
        if number == SIGKILL
        else send_signal(engine, container.id, number)
    )
    await engine.complete(work, f"kill {container.id}")
