"""What redraws the live views: after each change in the engine, without polling."""

import threading
from collections.abc import Callable
from contextlib import closing

import docker

from labkit.base.errors import UnavailableError
from labkit.grading.observe.changes import Changes
from labkit.grading.observe.client import answering, connect


class Feed:
    """Calls back once at its start and after every change, until it is closed.

    ``on_change`` gets a client of its own thread; ``on_lost`` the reason when the
    engine is gone. Both are called on a thread of the feed.
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
        self._closed = threading.Event()
        self._changes = Changes(docker_host, ["container", "network"])

    def start(self) -> None:
        """Subscribe, then draw for the first time: nothing is missed in between.

        Raises:
            UnavailableError: nobody answers at the address.
        """
        self._changes.start()
        threading.Thread(target=self._draw, daemon=True).start()

    def close(self) -> None:
        """End both threads."""
        self._closed.set()
        self._changes.close()

    def _draw(self) -> None:
        reason = ""
        try:
            with closing(connect(self._docker_host)) as client:
                while self._has_changed():
                    with answering(self._docker_host):
                        self._on_change(client)
        except UnavailableError as error:
            reason = self._changes.lost or error.message
        if not self._closed.is_set():
            self._on_lost(reason)

    def _has_changed(self) -> bool:
        """Wait for the next change; answer False when there will be none."""
        self._changes.wait()
        return not self._closed.is_set()
