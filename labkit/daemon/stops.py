"""SIGTERM and SIGINT, from a daemon's first moment on.

A loop can take them only once it runs, and by then a daemon has begun processes and
made its socket: who stops it before that must leave nothing behind either.
"""

import signal
from collections.abc import Callable

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stops:
    """Notes what comes until somebody asks to be called."""

    def __init__(self) -> None:
        self._has_come = False
        for number in _SIGNALS:
            signal.signal(number, lambda *_: self._note())

    def hand_over(
        self, add: Callable[[int, Callable[[], None]], None], stop: Callable[[], None]
    ) -> None:
        """Have ``stop`` called, at once if a signal came already.

        Args:
            add: what handles a signal from now on: ``loop.add_signal_handler``.
        """
        for number in _SIGNALS:
            add(number, stop)
        if self._has_come:
            stop()

    def _note(self) -> None:
        self._has_come = True
