"""What all tests share: the stock taken at both ends of the run."""

import os
import signal
from collections.abc import Iterator

import hypothesis
import pytest

from tests.leftovers import take_stock
from tests.waiting import wait_until

pytest_plugins = ("tests.engines",)

# What an example takes depends on what else the machine does: no time limit for it.
hypothesis.settings.register_profile("labkit", deadline=None)
hypothesis.settings.load_profile("labkit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip for others what needs root."""
    if os.geteuid() == 0:
        return
    for item in items:
        if item.get_closest_marker("root"):
            item.add_marker(pytest.mark.skip(reason="needs root: makes containers"))


@pytest.fixture(autouse=True)
def pipes_may_break() -> Iterator[None]:
    """Check that no test has a closed pipe end this process, and the whole run with it.

    Programs ask for that (signal(7), SIGPIPE); called from a test they must not.
    """
    yield
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN


@pytest.fixture(scope="session", autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check that whatever the tests made on the machine is gone.

    The first fixture of the run is the last one to end: no test could look as late, for
    the engines that all tests share are still up when the last test runs.
    """
    if not any(item.get_closest_marker("root") for item in request.session.items):
        yield  # nothing that was run can have made anything; others may, meanwhile
        return
    before = take_stock()
    yield
    try:
        # The kernel takes a network namespace and its veths down in the background.
        wait_until(
            lambda: not take_stock() - before, "the kernel has cleaned up", timeout=15
        )
    except AssertionError:
        assert sorted(take_stock() - before) == []
