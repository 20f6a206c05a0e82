"""Waiting for a state, with a deadline: the only place in the tests that sleeps."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    probe: Callable[[], T], what: str, timeout: float = 10.0, every: float = 0.01
) -> T:
    """Call a probe until it answers something true, and return that.

    Raises:
        AssertionError: the deadline passed; the message says what was waited for.
    """
    deadline = time.monotonic() + timeout
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain until {what}")
        time.sleep(every)


def has_ended(pid: int) -> bool:
    """Say whether a process is gone, or waits as a zombie for somebody to take note."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    # proc(5), stat: the state comes after the name in brackets.
    return stat.rpartition(")")[2].split()[0] == "Z"
