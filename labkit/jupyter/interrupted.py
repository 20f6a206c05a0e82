"""What goes on after ctrl-c: containers whose process took no notice of it.

``docker run`` passes the signal on. A container's first process doesn't get it unless
it has a handler (pid_namespaces(7)), so ``docker run busybox sleep 1000`` goes on when
its command line has long ended, in a notebook as in a terminal.
"""

from collections.abc import Sequence
from contextlib import closing

from labkit.base.errors import UnavailableError
from labkit.grading.observe.client import answering, connect


def spell_running(docker_host: str, since: float) -> str:
    """Name what was made since a moment and still runs, as the end of a sentence."""
    try:
        names = _running(docker_host, since)
    except UnavailableError as error:
        return f"; what still runs can't be seen: {error.message}"
    if not names:
        return ""
    return (
        f"; still running is {', '.join(names)}, made by this cell: "
        f"`docker rm -f {' '.join(names)}` ends it"
    )


def _running(docker_host: str, since: float) -> Sequence[str]:
    with closing(connect(docker_host)) as client, answering(docker_host):
        found = client.containers()
    # Newest come first; the engine tells whole seconds.
    made = [each for each in reversed(found) if each["Created"] >= int(since)]
    return [each["Names"][0].removeprefix("/") for each in made]
