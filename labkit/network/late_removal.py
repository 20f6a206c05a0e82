"""Veth pairs that the kernel still has a while after their container's end.

A socket that somebody closed keeps its namespace alive until the other side has
acknowledged the end of the connection; where that can't arrive any more, as the other
side's container ended, too, that is a minute and a half (tcp(7), tcp_orphan_retries).
So can a process that somebody put there. What the kernel hasn't removed some seconds
after a pair left its bridge is removed here; by then there is hardly ever anything.
"""

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from labkit.network.model import Endpoint
from labkit.network.naming import veth_name

GRACE_SECONDS = 2.0

_log = logging.getLogger(__name__)


class LateRemoval:
    """Calls ``unplug`` with each endpoint after the grace, on a thread of its own."""

    def __init__(self, unplug: Callable[[Endpoint], None]) -> None:
        self._unplug = unplug
        self._due: SimpleQueue[tuple[float, Endpoint] | None] = SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=self._work, name="labkit-late-removal", daemon=True
        )
        self._thread.start()

    def add(self, endpoint: Endpoint) -> None:
        self._due.put((time.monotonic() + GRACE_SECONDS, endpoint))

    def close(self) -> None:
        """Leave what is not due yet to the kernel."""
        self._closed.set()
        self._due.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._due.get()) is not None:
            when, endpoint = item
            if self._closed.wait(max(0.0, when - time.monotonic())):
                return
            try:
                self._unplug(endpoint)
            except OSError as error:
                _log.warning("cannot remove %s: %s", veth_name(endpoint), error)
