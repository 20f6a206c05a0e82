"""``docker kill``: any signal, SIGKILL unless said otherwise."""

from labkit.base.errors import NotFoundError
from labkit.base.signals import parse_signal
from labkit.engine.engine import Engine
from labkit.engine.halt import SIGKILL, kill_and_wait, send_signal
from labkit.engine.lifecycle import follow
from labkit.engine.messages import cannot_kill


async def kill(engine: Engine, ref: str, signal: str = "") -> None:
    """Send a signal; after SIGKILL return only when the container has ended.

    Raises:
        InvalidInputError: there is no such signal.
        ConflictError: the container does not run.
    """
    number = parse_signal(signal) if signal else SIGKILL
    try:
        container = engine.store.find_container(ref)
    except NotFoundError as error:
        raise NotFoundError(cannot_kill(ref, str(error))) from error
    follow(container, "kill")
    work = (
        kill_and_wait(engine, container.id)
        if number == SIGKILL
        else send_signal(engine, container.id, number)
    )
    await engine.complete(work, f"kill {container.id}")
