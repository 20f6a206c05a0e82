"""What the shim hands on to its hand."""

import os

from labkit.runtime.sleep import Deaths


def test_deaths_are_told_in_any_order() -> None:
    deaths = Deaths()
    for pid, code in ((11, 1), (12, 2), (13, 3)):
        deaths.hand_on(pid, code << 8)
    found = [os.waitstatus_to_exitcode(deaths.reap(pid)) for pid in (13, 11, 12)]
    assert found == [3, 1, 2]
    deaths.close()
