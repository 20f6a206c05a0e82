"""The first failure ends the rest."""

import pytest

from labkit.base.errors import NotFoundError
from labkit.images.first_failure import FirstFailure
from labkit.images.registry.retry import Patience


def test_tells_what_failed_first() -> None:
    patience = Patience()
    failure = FirstFailure(patience)

    def fail() -> None:
        raise NotFoundError("first")

    assert failure.watch(lambda: 5) == 5
    failure.check()
    assert failure.watch(fail) is None
    assert patience.stop.is_set()
    assert failure.watch(lambda: 5) is None  # not even begun
    assert failure.is_there
    with pytest.raises(NotFoundError, match="first"):
        failure.check()
