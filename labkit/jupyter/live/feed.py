"""Hear of changes in an engine: what redraws the live views, without polling.

One thread reads the engine's events and only sets a flag; another one draws whenever
the flag is set. While it draws, any number of events make one more drawing, not many.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import docker

from labkit.base.errors import UnavailableError
from labkit.grading.observe.client import answering, connect

# Execs of health checks would redraw every few seconds what has not changed.
_TYPES = ["container", "network"]
_QUIET = ("exec_create", "exec_start", "exec_die", "top", "resize")


class Feed:
    """Calls back once at its start and after every change, until it is closed.

    ``on_change`` gets a client of its own thread; ``on_lost`` the reason when the
    engine is gone. Both are called on threads of the feed.
    """

    def __init__(
        self,
        docker_host: str,
        on_change: Callable[[docker.APIClient], object],
        on_lost: Callable[[str], object],
    ) -> None:
        self._docker_host = docker_host
        self._on_change = on_change
        self._on_lost = on_lost
        self._changed = threading.Event()
        self._closed = threading.Event()
        self._lost = ""
        self._events: Any = None

    def start(self) -> None:
        """Subscribe, then draw for the first time: nothing is missed in between.

        Raises:
            UnavailableError: nobody answers at the address.
        """
        client = connect(self._docker_host)
        with answering(self._docker_host):
            self._events = client.events(decode=True, filters={"type": _TYPES})
        self._changed.set()
        for work in (lambda: self._listen(client), self._draw):
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        """End both threads."""
        self._closed.set()
        self._changed.set()
        if self._events is not None:
            with suppress(OSError):  # the engine is gone already
                self._events.close()

    def _listen(self, client: docker.APIClient) -> None:
        reason = "the engine has stopped"
        try:
            with closing(client), answering(self._docker_host):
                for _ in _of_note(self._events):
                    self._changed.set()
        except UnavailableError as error:
            reason = error.message
        self._lost = reason
        self._changed.set()

    def _draw(self) -> None:
        try:
            with closing(connect(self._docker_host)) as client:
                while self._has_changed():
                    with answering(self._docker_host):
                        self._on_change(client)
        except UnavailableError as error:
            self._lost = self._lost or error.message
        if not self._closed.is_set():
            self._on_lost(self._lost)

    def _has_changed(self) -> bool:
        """Wait for the next change; answer False when there will be none."""
        self._changed.wait()
        self._changed.clear()
        return not (self._closed.is_set() or self._lost)


def _of_note(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        if not str(event.get("Action", "")).startswith(_QUIET):
            yield event
