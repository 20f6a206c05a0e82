"""Several threads at one transfer: the first that fails ends it.

What the others raise then only follows from that, so the first is what is told.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from labkit.images.registry.retry import Patience

T = TypeVar("T")


class FirstFailure:
    """Watches work; ``stop`` of its patience ends what is under way."""

    def __init__(self, patience: Patience) -> None:
        self._guard = threading.Lock()
        self._patience = patience
        self._error: BaseException | None = None

    @property
    def is_there(self) -> bool:
        return self._error is not None

    def watch(self, work: Callable[[], T]) -> T | None:
        """Do something, unless all is over; None if it failed."""
        try:
            self._patience.check()
            return work()
        except BaseException as error:  # noqa: BLE001 - raised by check
            with self._guard:
                self._error = self._error or error
            self._patience.stop.set()
            return None

    def check(self) -> None:
        """Raise what went wrong first, if anything did."""
        if self._error is not None:
            raise self._error
