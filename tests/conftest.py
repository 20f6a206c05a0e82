"""What all tests share: the order of the run and the stock taken at its ends."""

import os

import pytest

from tests.leftovers import take_stock

pytest_plugins = ("tests.engines",)

_LAST = "tests/test_leftovers.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs root for others, and look for leftovers at the very end."""
    items.sort(key=lambda item: item.nodeid.startswith(_LAST))
    if os.geteuid() == 0:
        return
    for item in items:
        if item.get_closest_marker("root"):
            item.add_marker(pytest.mark.skip(reason="needs root: makes containers"))


@pytest.fixture(scope="session", autouse=True)
def stock_at_start() -> set[str]:
    """List what of ours is on the machine before the first test."""
    return take_stock()
