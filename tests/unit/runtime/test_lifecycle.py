"""Every pair of state and verb: what is allowed, and that all else is refused."""

import itertools

import pytest

from labkit.base.errors import ConflictError
from labkit.runtime.lifecycle import TRANSITIONS, follow
from labkit.runtime.model import Status

VERBS = ("start", "kill", "attach", "resize", "exec", "pause", "unpause", "exit")


@pytest.mark.parametrize(("status", "verb"), list(itertools.product(Status, VERBS)))
def test_follows_the_table_and_nothing_else(status: Status, verb: str) -> None:
    wanted = TRANSITIONS.get((status, verb))
    if wanted is not None:
        assert follow(status, verb) is wanted
        return
    with pytest.raises(ConflictError) as caught:
        follow(status, verb)
    text = f"cannot {verb} a container that is {status.value}"
    assert str(caught.value) == text


def test_nothing_leads_out_of_stopped() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] is Status.STOPPED]


def test_every_other_state_can_end() -> None:
    for status in set(Status) - {Status.STOPPED}:
        assert follow(status, "exit") is Status.STOPPED
