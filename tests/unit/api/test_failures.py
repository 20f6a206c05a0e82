"""Kinds of error and their statuses."""

import json

import pytest

from labkit.api.failures import STATUSES, body_of, status_of
from labkit.base import errors
from labkit.runtime.model import StartError


def test_every_kind_has_a_status() -> None:
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.LabError)
    }
    assert kinds - {errors.LabError} == set(STATUSES)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFoundError("x"), 404),
        (errors.ConflictError("x"), 409),
        (errors.UnavailableError("x"), 503),
        (errors.LabError("x"), 500),
        (StartError("not found", 127), 400),
        (StartError("not permitted", 126), 400),
        (StartError("no mount", 128), 500),
    ],
)
def test_status_by_kind(error: errors.LabError, status: int) -> None:
    assert status_of(error) == status


def test_a_kind_of_a_kind_counts_as_the_nearer() -> None:
    class TakenError(errors.ConflictError):
        pass

    assert status_of(TakenError("x")) == 409


def test_the_message_survives_as_it_is() -> None:
    assert json.loads(body_of('said "no" to ü\n'))["message"] == 'said "no" to ü\n'
