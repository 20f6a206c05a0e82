"""Waiting before the next try."""

import pytest

from labkit.images.registry.retry import CancelledError, Patience


def test_waits_longer_each_time_and_tells_it() -> None:
    told: list[int] = []
    patience = Patience(second=0.0)
    for failures in (1, 2, 3, 9):
        patience.wait(failures, told.append)
    assert told == [1, 2, 1, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1]
    assert not patience.is_over(4)
    assert patience.is_over(5)


def test_stops_at_once() -> None:
    patience = Patience(second=60)
    patience.check()
    patience.stop.set()
    with pytest.raises(CancelledError):
        patience.check()
    with pytest.raises(CancelledError):
        patience.wait(1, lambda _: None)
