"""A small event loop: readiness, timers, and calls from other threads.

netd (``netd.py``) relays connections and answers DNS in one thread: whoever is ready is
served, nobody is waited for. asyncio would do the same for thirty milliseconds of start
and several megabytes more, in a process that is there as long as any container is.
"""

import functools
import heapq
import itertools
import logging
import os
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Ready = Callable[[int], None]
Action = Callable[[], None]
_log = logging.getLogger(__name__)


@dataclass(slots=True, order=True)
class Timer:
    """A call in the future, until it is cancelled."""

    when: float
    order: int
    action: Action = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """Calls back whoever asked, one after another, until it is stopped."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[Timer] = []
        self._order = itertools.count()
        self._calls: SimpleQueue[Action] = SimpleQueue()
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._running = False
        self.watch(self._wake, READ, self._run_calls)

    def watch(self, fd: int, interest: int, ready: Ready) -> None:
        """Call ``ready`` with the events that came; interest 0 forgets the file.

        A file without interest is taken out altogether: the kernel reports hang-ups
        whether one asked for them or not (epoll_ctl(2)), and would do so for ever.
        """
        known = fd in self._selector.get_map()
        if not interest:
            if known:
                self._selector.unregister(fd)
        elif known:
            self._selector.modify(fd, interest, ready)
        else:
            self._selector.register(fd, interest, ready)

    def forget(self, fd: int) -> None:
        self.watch(fd, 0, lambda events: None)

    def call_later(self, seconds: float, action: Action) -> Timer:
        timer = Timer(time.monotonic() + seconds, next(self._order), action)
        heapq.heappush(self._timers, timer)
        return timer

    def call_from_thread(self, action: Action) -> None:
        """Have the loop's thread make a call; the only method for other threads."""
        self._calls.put(action)
        os.eventfd_write(self._wake, 1)

    def stop(self) -> None:
        self._running = False

    def run(self) -> None:
        self._running = True
        while self._running:
            for key, events in self._selector.select(self._patience()):
                # A callback before this one may have closed the file.
                if self._selector.get_map().get(key.fd) is key:
                    _guarded(functools.partial(key.data, events))
            self._run_timers()

    def close(self) -> None:
        self._selector.close()
        os.close(self._wake)

    def _patience(self) -> float | None:
        while self._timers and self._timers[0].cancelled:
            heapq.heappop(self._timers)
        if not self._timers:
            return None
        return max(0.0, self._timers[0].when - time.monotonic())

    def _run_timers(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0].when <= now:
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                _guarded(timer.action)

    def _run_calls(self, events: int) -> None:
        os.eventfd_read(self._wake)
        while True:
            try:
                action = self._calls.get_nowait()
            except Empty:
                return
            _guarded(action)


def _guarded(action: Action) -> None:
    """One caller's mistake must not end the service of all containers."""
    try:
        action()
    except Exception:  # noqa: BLE001  logged with its trace
        _log.exception("a callback failed")
