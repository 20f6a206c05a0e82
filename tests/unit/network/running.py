"""A loop that runs on a thread for the length of a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from labkit.network.loop import Loop


@contextmanager
def running_loop() -> Iterator[Loop]:
    """Run a loop beside the test; ending the block ends it."""
    loop = Loop()
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_from_thread(loop.stop)
        thread.join(5)
        loop.close()
        assert not thread.is_alive()
