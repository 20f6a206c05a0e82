"""The end of work that nobody waits for any more."""

import pytest

from labkit.builder.halt import Halt
from labkit.builder.model import BuildCancelledError


def test_work_goes_on_until_it_is_stopped() -> None:
    halt = Halt()
    halt.check()
    halt.stop()
    with pytest.raises(BuildCancelledError, match="Build cancelled"):
        halt.check()


def test_ends_what_is_waited_for_and_nothing_that_was() -> None:
    halt = Halt()
    ended: list[str] = []
    with halt.ended_by(lambda: ended.append("before")):
        pass
    with halt.ended_by(lambda: ended.append("now")):
        halt.stop()
        assert ended == ["now"]
    with halt.ended_by(lambda: ended.append("late")):
        assert ended == ["now", "late"]
