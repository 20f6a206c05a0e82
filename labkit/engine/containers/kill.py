"""``docker kill``: any signal, SIGKILL unless said otherwise."""

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.signals import parse_signal
from labkit.engine.engine import Engine
from labkit.engine.halt import SIGKILL, kill_and_wait, send_signal
from labkit.engine.lifecycle import follow
from labkit.engine.messages import cannot_kill

_LAST = 64
"""The highest signal that Linux has; what is no number is looked up by name."""


async def kill(engine: Engine, ref: str, signal: str = "") -> None:
    """Send a signal; after SIGKILL return only when the container has ended.

    Raises:
        InvalidInputError: there is no such signal.
        ConflictError: the container does not run.
    """
    number = _number(ref, signal) if signal else SIGKILL
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


def _number(ref: str, signal: str) -> int:
    if signal.isdecimal() and int(signal) > _LAST:
        text = f"The linux daemon does not support signal {int(signal)}"
        raise InvalidInputError(cannot_kill(ref, text))
    return parse_signal(signal)
