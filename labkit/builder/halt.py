"""The end of work on a thread whose result nobody waits for any more.

A thread can't be ended from outside. It looks now and then whether it shall go on, and
where it waits for somebody else (a server, a program) it says how that is ended.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from labkit.builder.model import BuildCancelledError

End = Callable[[], None]


class Halt:
    """Asked for by anybody, heeded by the threads of one piece of work."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._ends: list[End] = []
        self._asked = False

    def stop(self) -> None:
        """Let the work go no further, and end what it waits for."""
        with self._guard:
            self._asked = True
            for end in self._ends:
                end()

    def check(self) -> None:
        """Raise if the work shall go no further."""
        if self._asked:
            raise BuildCancelledError("Build cancelled")

    @contextmanager
    def ended_by(self, end: End) -> Iterator[None]:
        """Have ``stop`` call something meanwhile; at once if it was there before."""
        with self._guard:
            self._ends.append(end)
            if self._asked:
                end()
        try:
            yield
        finally:
            with self._guard:
                self._ends.remove(end)


NO_HALT = Halt()
"""For work that goes to its end."""
