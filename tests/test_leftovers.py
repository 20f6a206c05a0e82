"""Runs last: whatever the tests made on the machine is gone."""

import pytest

from tests.leftovers import take_stock
from tests.waiting import wait_until


@pytest.mark.root
def test_the_run_left_nothing_on_the_machine(stock_at_start: set[str]) -> None:
    def nothing_new() -> bool:
        return not take_stock() - stock_at_start

    try:
        # The kernel takes a network namespace and its veths down in the background.
        wait_until(nothing_new, "the kernel has cleaned up", timeout=15)
    except AssertionError:
        assert sorted(take_stock() - stock_at_start) == []
