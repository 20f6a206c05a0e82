"""How often news of a transfer is worth telling.

As dockerd: not for every piece, but when half a megabyte or a hundredth has come, ten
times a second at most, and always the first and the last.
"""

import time
from collections.abc import Callable

_STEP_BYTES = 512 << 10
_PAUSE_SECONDS = 0.1


class Pace:
    """Decides for one layer."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told_bytes = -1
        self._told_at = 0.0

    def is_due(self, at: int, total: int) -> bool:
        """Say whether to tell that so many bytes of all are through."""
        if at == self._told_bytes:
            return False
        is_edge = self._told_bytes < 0 or at >= total
        is_step = at - self._told_bytes >= max(_STEP_BYTES, total // 100)
        now = self._now()
        if not is_edge and not (is_step and now - self._told_at >= _PAUSE_SECONDS):
            return False
        self._told_bytes, self._told_at = at, now
        return True
