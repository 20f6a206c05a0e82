import os
import signal
from collections.abc import Iterator

import pytest

from labkit.daemon.stops import Stops


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Put back what handles signals in the tests' own process."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_tells_of_a_signal_that_came_too_early(number: signal.Signals) -> None:
    stops, added, calls = Stops(), [], []
    os.kill(os.getpid(), number)
    stops.hand_over(lambda number, _: added.append(number), lambda: calls.append(1))
    assert added == [signal.SIGTERM, signal.SIGINT]
    assert calls == [1]


def test_tells_of_nothing_that_has_not_come() -> None:
    calls: list[int] = []
    Stops().hand_over(lambda *_: None, lambda: calls.append(1))
    assert calls == []
