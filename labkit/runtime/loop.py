"""A small event loop for the shim: files that become ready, and timers.

asyncio would be five megabytes and 35 ms for each container; the shim needs epoll(7)
and a heap. One thread, callbacks that never wait.
"""

import heapq
import itertools
import select
import time
from collections.abc import Callable, Collection

READ = select.EPOLLIN
WRITE = select.EPOLLOUT
Callback = Callable[[int], None]


class Timer:
    """A call that is due later; ``cancel`` forgets it."""

    __slots__ = ("callback", "cancelled")

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """Runs until ``stop``."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._callbacks: dict[int, Callback] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._running = False

    def watch(self, fd: int, events: int, callback: Callback) -> None:
        """Call back with the events of a file; EPOLLHUP and EPOLLERR come unasked."""
        if fd in self._callbacks:
            self._epoll.modify(fd, events)
        else:
            self._epoll.register(fd, events)
        self._callbacks[fd] = callback

    def forget(self, fd: int) -> None:
        """Stop watching; before the file is closed."""
        if self._callbacks.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(callback)
        entry = (time.monotonic() + seconds, next(self._order), timer)
        heapq.heappush(self._timers, entry)
        return timer

    def expects_only(self, fds: Collection[int]) -> bool:
        """Say whether these files, and no timer, are all that is waited for."""
        return self._timeout() < 0 and self._callbacks.keys() == set(fds)

    def stop(self) -> None:
        self._running = False

    def run(
        self, on_idle: Callable[[], None] | None = None, idle_seconds: float = 0
    ) -> None:
        """Call back until ``stop``, and once each time when nothing happens so long."""
        self._running = True
        told = on_idle is None
        while self._running:
            timeout = self._timeout()
            is_patient = not told and not 0 <= timeout <= idle_seconds
            if self.run_once(idle_seconds if is_patient else timeout):
                told = on_idle is None
            elif is_patient and on_idle is not None:
                told = True
                on_idle()

    def run_once(self, timeout_seconds: float = -1) -> bool:
        """Wait for something to happen and deal with it; False if nothing did."""
        ready = self._epoll.poll(timeout_seconds)
        for fd, events in ready:
            # A callback before this one may have forgotten the file.
            callback = self._callbacks.get(fd)
            if callback is not None:
                callback(events)
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                timer.callback()
        return bool(ready)

    def close(self) -> None:
        self._epoll.close()

    def _timeout(self) -> float:
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if not self._timers:
            return -1
        return max(0.0, self._timers[0][0] - time.monotonic())
