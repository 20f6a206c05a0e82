"""docker-py's own integration tests pass on our engine, each by its name."""

from collections.abc import Iterator, Mapping

import pytest

from tests.conformance.images import stand_ins
from tests.conformance.suite import Outcome, read_ids, run_suite, shared_mount
from tests.engines import BUSYBOX, OurEngine

IDS = (*read_ids("engine"), *read_ids("builder"))

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, Outcome]]:
    """Run the suite once, on an engine that nobody else uses."""
    assert BUSYBOX is not None, "needs busybox (package busybox-static)"
    place = tmp_path_factory.mktemp("shared")
    with shared_mount(place) as shared, OurEngine() as engine:
        engine.load(stand_ins(BUSYBOX))
        yield run_suite(engine.host, shared, IDS)


@pytest.mark.parametrize("test", IDS)
def test_passes(outcomes: Mapping[str, Outcome], test: str) -> None:
    found = outcomes[test]
    assert found.outcome == "passed", found.message
