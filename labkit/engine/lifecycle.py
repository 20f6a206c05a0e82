"""Which verb a container obeys in which state: Docker's life of a container.

                 start            pause
      CREATED ----------> RUNNING ------> PAUSED
         |                 |   ^  <------   |
         |            exit |   |  unpause   | exit (it was killed)
         |                 v   | start      |
         |               EXITED <-----------+
         |                 |
         +------> REMOVING <+     RESTARTING: it ended, and its restart policy
           remove                 is about to start it again

The table holds what is allowed and nothing else; whatever is absent is refused, and
``engine/messages.py`` says in which of Docker's words. A verb whose row leads to the
same state acts without changing it (a signal may be sent again and again).

``exit`` is not a client's verb: it is what the engine does when a container's first
process has ended.
"""

from labkit.base.errors import ConflictError
from labkit.engine.messages import refusal
from labkit.engine.model import Container, Status

VERBS = (
    "start",
    "stop",
    "restart",
    "kill",
    "pause",
    "unpause",
    "exec",
    "attach",
    "top",
    "resize",
    "remove",
    "rename",
    "update",
    "exit",
    "revive",
)

TRANSITIONS: dict[tuple[Status, str], Status] = {
    (Status.CREATED, "start"): Status.RUNNING,
    (Status.CREATED, "restart"): Status.RUNNING,
    (Status.CREATED, "attach"): Status.CREATED,  # docker run attaches before it starts
    (Status.CREATED, "remove"): Status.REMOVING,
    (Status.CREATED, "rename"): Status.CREATED,
    (Status.CREATED, "update"): Status.CREATED,
    (Status.RUNNING, "stop"): Status.EXITED,
    (Status.RUNNING, "restart"): Status.RUNNING,
    (Status.RUNNING, "kill"): Status.RUNNING,
    (Status.RUNNING, "pause"): Status.PAUSED,
    (Status.RUNNING, "exec"): Status.RUNNING,
    (Status.RUNNING, "attach"): Status.RUNNING,
    (Status.RUNNING, "top"): Status.RUNNING,
    (Status.RUNNING, "resize"): Status.RUNNING,
    (Status.RUNNING, "rename"): Status.RUNNING,
    (Status.RUNNING, "update"): Status.RUNNING,
    (Status.RUNNING, "exit"): Status.EXITED,
    (Status.PAUSED, "unpause"): Status.RUNNING,
    (Status.PAUSED, "stop"): Status.EXITED,
    (Status.PAUSED, "restart"): Status.RUNNING,
    (Status.PAUSED, "kill"): Status.PAUSED,
    (Status.PAUSED, "top"): Status.PAUSED,
    (Status.PAUSED, "resize"): Status.PAUSED,
    (Status.PAUSED, "rename"): Status.PAUSED,
    (Status.PAUSED, "update"): Status.PAUSED,
    (Status.PAUSED, "exit"): Status.EXITED,
    (Status.RESTARTING, "start"): Status.RUNNING,
    (Status.RESTARTING, "revive"): Status.RUNNING,
    (Status.RESTARTING, "stop"): Status.EXITED,
    (Status.RESTARTING, "restart"): Status.RUNNING,
    (Status.RESTARTING, "kill"): Status.EXITED,
    (Status.RESTARTING, "rename"): Status.RESTARTING,
    (Status.RESTARTING, "update"): Status.RESTARTING,
    (Status.EXITED, "start"): Status.RUNNING,
    (Status.EXITED, "restart"): Status.RUNNING,
    (Status.EXITED, "attach"): Status.EXITED,  # as CREATED, for docker start -a
    (Status.EXITED, "remove"): Status.REMOVING,
    (Status.EXITED, "rename"): Status.EXITED,
    (Status.EXITED, "update"): Status.EXITED,
    (Status.DEAD, "remove"): Status.REMOVING,
}


def follow(container: Container, verb: str) -> Status:
    """Return the state that a verb leads to.

    Raises:
        ConflictError: the state forbids the verb; the text is Docker's.
    """
    after = TRANSITIONS.get((container.status, verb))
    if after is None:
        raise ConflictError(refusal(container, verb))
    return after
