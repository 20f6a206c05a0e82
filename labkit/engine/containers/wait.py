"""``docker wait``: until it does not run, until its next end, until it is gone."""

import asyncio

from labkit.base.errors import InvalidInputError
from labkit.engine.engine import Engine
from labkit.engine.model import Status
from labkit.engine.waiters import WaitOutcome

CONDITIONS = ("not-running", "next-exit", "removed")
_RUNS = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)


async def wait(
    engine: Engine, ref: str, condition: str = "not-running"
) -> "asyncio.Future[WaitOutcome]":
    """Return a future; its answer must be awaited after the header went out.

    Cancel it when the client leaves.

    Raises:
        NotFoundError: no such container.
        InvalidInputError: no such condition.
    """
    wanted = condition or "not-running"
    if wanted not in CONDITIONS:
        raise InvalidInputError(f'invalid condition: "{condition}"')
    container = engine.store.find_container(ref)
    if wanted == "removed":
        return engine.waiters.add(container.id, "removed")
    if wanted == "not-running" and container.status not in _RUNS:
        done: asyncio.Future[WaitOutcome] = asyncio.get_running_loop().create_future()
        done.set_result(WaitOutcome(container.exit_code))
        return done
    return engine.waiters.add(container.id, "exit")
