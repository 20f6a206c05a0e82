"""The engine at rest: nothing was asked of it for a while, and it makes itself small.

A pull takes buffers in many threads, and glibc keeps what they free: 80 MB, from then
on. To give it back at once would have the next buffer fetch it again, page by page.
"""

import asyncio
from collections.abc import Callable

REST_SECONDS = 3.0


class Rest:
    """Calls once when ``stir`` has not been called for some seconds, and again after
    each time that it was."""

    def __init__(
        self, at_rest: Callable[[], None], seconds: float = REST_SECONDS
    ) -> None:
        self._at_rest = at_rest
        self._seconds = seconds
        self._stirred = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def stir(self) -> None:
        """Something was done; from now on the seconds are counted anew."""
        loop = asyncio.get_running_loop()
        self._stirred = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._stirred + self._seconds - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look)
        else:
            self._timer = None
            self._at_rest()
