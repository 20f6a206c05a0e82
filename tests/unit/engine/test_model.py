"""Records are values."""

import dataclasses

import pytest

from labkit.engine import model


@pytest.mark.parametrize(
    "kind",
    [
        item
        for item in vars(model).values()
        if dataclasses.is_dataclass(item) and item.__module__ == model.__name__
    ],
)
def test_is_frozen_and_slotted(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_states_are_dockers_words() -> None:
    assert {status.value for status in model.Status} == {
        *("created", "running", "paused", "restarting", "removing", "exited", "dead")
    }
