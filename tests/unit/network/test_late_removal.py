"""What the kernel hasn't removed in time."""

from queue import SimpleQueue

import pytest

from labkit.network import late_removal
from labkit.network.late_removal import LateRemoval
from labkit.network.model import Endpoint

DEADLINE_SECONDS = 10.0


def endpoint(digit: str) -> Endpoint:
    return Endpoint(digit * 64, "n" * 64, "c" * 64)


def test_all_are_removed_in_turn_though_one_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(late_removal, "GRACE_SECONDS", 0.01)
    removed: SimpleQueue[Endpoint] = SimpleQueue()

    def unplug(given: Endpoint) -> None:
        removed.put(given)
        if given == endpoint("a"):
            raise OSError("no such luck")

    late = LateRemoval(unplug)
    for digit in "abc":
        late.add(endpoint(digit))
    seen = [removed.get(timeout=DEADLINE_SECONDS) for _ in range(3)]
    assert seen == [endpoint(digit) for digit in "abc"]
    late.close()
    assert "cannot remove vethaaaaaaa: no such luck" in caplog.text


def test_nothing_is_touched_before_its_time_or_after_the_close() -> None:
    removed: list[Endpoint] = []
    late = LateRemoval(removed.append)
    late.add(endpoint("a"))
    late.close()
    assert removed == []
