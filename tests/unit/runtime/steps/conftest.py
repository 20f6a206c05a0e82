"""The child's end of a handshake for the steps that talk."""

from collections.abc import Iterator

import pytest

from labkit.runtime.handshake import Channel
from tests.unit.runtime.steps.made import channels


@pytest.fixture
def channel() -> Iterator[Channel]:
    with channels() as (_, theirs):
        yield theirs
