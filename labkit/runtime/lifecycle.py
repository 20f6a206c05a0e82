"""What may be done to a container when (OCI runtime-spec, runtime.md, "Lifecycle").

    (nothing) --create--> CREATED --start--> RUNNING <--pause/unpause--> PAUSED
                             |                  |                          |
                             +------ exit ------+---------- exit ----------+--> STOPPED

What is absent from the table is refused. ``exit`` is no request: it is what the shim
sees when the first process ends, at any time. A killed container is still there until
its exit was seen, so ``kill`` leaves the state as it is.
"""

from labkit.base.errors import ConflictError
from labkit.runtime.model import Status

TRANSITIONS: dict[tuple[Status, str], Status] = {
    (Status.CREATED, "start"): Status.RUNNING,
    (Status.CREATED, "kill"): Status.CREATED,
    (Status.CREATED, "attach"): Status.CREATED,
    (Status.CREATED, "resize"): Status.CREATED,
    (Status.CREATED, "exit"): Status.STOPPED,
    (Status.RUNNING, "kill"): Status.RUNNING,
    (Status.RUNNING, "attach"): Status.RUNNING,
    (Status.RUNNING, "resize"): Status.RUNNING,
    (Status.RUNNING, "exec"): Status.RUNNING,
    (Status.RUNNING, "pause"): Status.PAUSED,
    (Status.RUNNING, "exit"): Status.STOPPED,
    (Status.PAUSED, "unpause"): Status.RUNNING,
    (Status.PAUSED, "kill"): Status.PAUSED,
    (Status.PAUSED, "attach"): Status.PAUSED,
    (Status.PAUSED, "resize"): Status.PAUSED,
    (Status.PAUSED, "exit"): Status.STOPPED,
}


def follow(status: Status, verb: str) -> Status:
    """Return the state after a verb.

    Raises:
        ConflictError: the verb is not possible in this state.
    """
    after = TRANSITIONS.get((status, verb))
    if after is None:
        raise ConflictError(f"cannot {verb} a container that is {status.value}")
    return after
