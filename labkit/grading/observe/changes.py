"""Hear of changes in an engine, without asking again and again.

One thread reads the engine's events and only sets a flag. While its owner works on
one change, any number of events make one more, not many.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from typing import Any

import docker

from labkit.base.errors import UnavailableError
from labkit.grading.observe.client import answering, connect
from labkit.grading.observe.made import PROBE_LABEL

# Health checks run commands every few seconds and change nothing; so does who looks.
_QUIET = (
    "exec_create",
    "exec_start",
    "exec_die",
    "top",
    "resize",
    "attach",
    "detach",
    "archive-path",
    "export",
    "save",
)


LISTENER = "labkit-changes"
"""The name of the thread that listens."""


class Changes:
    """Tells its owner that something has changed: once at its start, then after each.

    ``types`` are those of the Docker API's events. What the grader makes for its own
    look is no change.
    """

    def __init__(self, docker_host: str, types: Sequence[str]) -> None:
        self._docker_host = docker_host
        self._types = list(types)
        self._changed = threading.Event()
        self._events: Any = None
        self._lost = ""
        self._closed = False

    def start(self) -> None:
        """Subscribe; the first ``wait`` returns at once: nothing is missed in between.

        Raises:
            UnavailableError: nobody answers at the address.
        """
        client = connect(self._docker_host)
        with answering(self._docker_host):
            self._events = client.events(decode=True, filters={"type": self._types})
        self._changed.set()
        listener = threading.Thread(
            target=self._listen, args=(client,), daemon=True, name=LISTENER
        )
        listener.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a change; return False if there was none in a time.

        Raises:
            UnavailableError: the engine is gone.
        """
        changed = self._changed.wait(seconds)
        self._changed.clear()
        if self._lost:
            raise UnavailableError(self._lost)
        return changed

    def close(self) -> None:
        """Hear no more; who waits is woken."""
        self._closed = True
        self._changed.set()
        if self._events is not None:
            with suppress(OSError):  # the engine is gone already
                self._events.close()

    @property
    def lost(self) -> str:
        """Return why there will be no more, once that is known."""
        return self._lost

    def _listen(self, client: docker.APIClient) -> None:
        reason = "the engine has stopped"
        try:
            with closing(client), answering(self._docker_host):
                for _ in of_note(self._events):
                    self._changed.set()
        except UnavailableError as error:
            reason = error.message
        if not self._closed:
            self._lost = reason
        self._changed.set()


def of_note(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out events after which everything is as it was."""
    for event in events:
        attributes = (event.get("Actor") or {}).get("Attributes") or {}
        if PROBE_LABEL in attributes:
            continue
        if not str(event.get("Action", "")).startswith(_QUIET):
            yield event
