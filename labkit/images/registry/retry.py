"""Asking again: how often, and after how long.

Somebody who waits for an image would rather wait a little longer than see it fail for
one lost packet; somebody who has stopped waiting wants it to stop at once. So waits
grow, are told second by second, and end early when ``stop`` is set.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from labkit.base.errors import UnavailableError

Tell = Callable[[int], None]
"""Hears how many seconds are left until the next try."""


class CancelledError(UnavailableError):
    """Whoever asked has gone."""

    def __init__(self) -> None:
        super().__init__("context canceled")  # Go's words for it


@dataclass(frozen=True, slots=True)
class Patience:
    """How much of it somebody has, and the event that ends it."""

    attempts: int = 5
    delays: tuple[int, ...] = (1, 2, 4, 8)
    second: float = 1.0
    stop: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise CancelledError if nobody waits any more."""
        if self.stop.is_set():
            raise CancelledError

    def is_over(self, failures: int) -> bool:
        """Say whether so many failures in a row are enough."""
        return failures >= self.attempts

    def wait(self, failures: int, tell: Tell) -> None:
        """Wait before the next try."""
        delay = self.delays[min(failures, len(self.delays)) - 1]
        for left in range(delay, 0, -1):
            tell(left)
            if self.stop.wait(self.second):
                raise CancelledError
