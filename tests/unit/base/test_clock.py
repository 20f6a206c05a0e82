"""Times are spelled as Go spells them."""

import time

import pytest

from labkit.base.clock import NEVER, SystemClock, format_time


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (0, NEVER),
        (1_000_000_000, "1970-01-01T00:00:01Z"),
        (1_700_000_000_120_000_000, "2023-11-14T22:13:20.12Z"),
        (1_700_000_000_000_000_001, "2023-11-14T22:13:20.000000001Z"),
    ],
)
def test_spells_times_without_trailing_zeros(moment: int, text: str) -> None:
    assert format_time(moment) == text


def test_system_clock_goes_on() -> None:
    before = time.time_ns()
    assert before <= SystemClock().now_ns() <= time.time_ns()
