"""Both engines, and one of them at a time."""

import pytest

from tests.engines import Engine


@pytest.fixture(params=["lab_engine", "real_dockerd"], ids=["labkit", "dockerd"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each test that takes this runs on ours and on a real dockerd."""
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def both(lab_engine: Engine, real_dockerd: Engine) -> tuple[Engine, Engine]:
    """For tests that compare."""
    return lab_engine, real_dockerd
