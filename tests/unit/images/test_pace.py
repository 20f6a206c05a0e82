"""How often a transfer is told of."""

from labkit.images.pace import Pace

MEGABYTE = 1 << 20


def test_tells_the_first_the_last_and_few_between() -> None:
    clock = [0.0]
    pace = Pace(lambda: clock[0])
    told = []
    for at in range(0, 100 * MEGABYTE + 1, MEGABYTE // 4):
        clock[0] += 0.01
        if pace.is_due(at, 100 * MEGABYTE):
            told.append(at)
    assert told[0] == 0
    assert told[-1] == 100 * MEGABYTE
    assert 30 < len(told) < 50


def test_tells_nothing_twice() -> None:
    pace = Pace()
    assert pace.is_due(5, 5)
    assert not pace.is_due(5, 5)
