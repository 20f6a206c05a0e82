"""Kinds of errors and their statuses."""

import json

import pytest

from labkit.api.failures import STATUSES, body_of, status_of
from labkit.base import errors
from labkit.runtime.model import StartError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotModified("runs already"), 304),
        (errors.InvalidInputError("bad"), 400),
        (errors.ForbiddenError("no"), 403),
        (errors.NotFoundError("no such container: x"), 404),
        (errors.ConflictError("it runs"), 409),
        (errors.InternalError("disk full"), 500),
        (errors.UnsupportedError("no swarm"), 501),
        (errors.UnavailableError("no manager"), 503),
        (errors.LabError("of no kind"), 500),
    ],
)
def test_each_kind_has_its_status(error: errors.LabError, status: int) -> None:
    assert status_of(error) == status


def test_every_kind_is_in_the_table() -> None:
    kinds = set(errors.LabError.__subclasses__())
    assert {kind for kind in kinds if kind.__module__ == errors.__name__} == set(
        STATUSES
    )


def test_a_subclass_counts_as_its_nearest_kind() -> None:
    class NameTakenError(errors.ConflictError):
        pass

    assert status_of(NameTakenError("taken")) == 409


@pytest.mark.parametrize(("code", "status"), [(126, 400), (127, 400), (128, 500)])
def test_a_program_that_cannot_be_run_is_the_clients_mistake(
    code: int, status: int
) -> None:
    assert status_of(StartError("exec failed", code)) == status


def test_the_body_is_one_message() -> None:
    body = body_of('kein Behälter "x"\nmit Namen')
    assert json.loads(body) == {"message": 'kein Behälter "x"\nmit Namen'}
    assert body.endswith(b"}\n")
