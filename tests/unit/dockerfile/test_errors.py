"""A fault gets its lines once somebody knows them."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.errors import DockerfileError, Fault, Lines, located


def test_names_the_first_line() -> None:
    error = DockerfileError("unknown instruction: RUNN", Lines(7, 9))
    assert error.message == (
        "dockerfile parse error on line 7: unknown instruction: RUNN"
    )
    assert (error.reason, error.lines) == ("unknown instruction: RUNN", Lines(7, 9))
    assert isinstance(error, InvalidInputError)


def test_locates_what_went_wrong_inside() -> None:
    with (
        pytest.raises(DockerfileError, match="on line 3: no") as raised,
        located(Lines(3, 4)),
    ):
        raise Fault("no")
    assert raised.value.lines == Lines(3, 4)


def test_leaves_alone_what_is_located_already() -> None:
    with pytest.raises(DockerfileError, match="on line 1"), located(Lines(9, 9)):
        raise DockerfileError("no", Lines(1, 1))
