"""ps without ps."""

import os

from labkit.engine.processes import TITLES, list_processes


def test_describes_ourselves() -> None:
    table = list_processes((os.getpid(),))
    assert table.titles == TITLES
    (row,) = table.processes
    assert row[1:3] == (str(os.getpid()), str(os.getppid()))
    assert "python" in row[-1] or "pytest" in row[-1]
    assert row[6].count(":") == 2


def test_leaves_out_who_has_just_ended() -> None:
    assert list_processes((2**22 + 1,)).processes == ()
