"""Every pair of state and verb, allowed or refused."""

import itertools

import pytest

from labkit.base.errors import ConflictError
from labkit.engine.lifecycle import TRANSITIONS, VERBS, follow
from labkit.engine.model import Container, ContainerConfig, HostConfig, Status


def container_in(status: Status) -> Container:
    return Container(
        id="c0ffee" * 10 + "beef",
        name="web",
        created_at=1,
        image_id="sha256:" + "0" * 64,
        config=ContainerConfig(),
        host_config=HostConfig(),
        path="sh",
        args=(),
        status=status,
    )


ALL = list(itertools.product(Status, VERBS))
REFUSED = [pair for pair in ALL if pair not in TRANSITIONS]


@pytest.mark.parametrize(("status", "verb"), TRANSITIONS)
def test_follows_what_the_table_allows(status: Status, verb: str) -> None:
    assert follow(container_in(status), verb) is TRANSITIONS[status, verb]


@pytest.mark.parametrize(("status", "verb"), REFUSED)
def test_refuses_what_the_table_lacks(status: Status, verb: str) -> None:
    with pytest.raises(ConflictError, match=r"\w"):
        follow(container_in(status), verb)


def test_table_speaks_of_known_verbs_only() -> None:
    assert {verb for _, verb in TRANSITIONS} == set(VERBS)


def test_every_state_but_removing_has_a_way_out() -> None:
    left = {status for status, _ in TRANSITIONS}
    assert set(Status) - left == {Status.REMOVING}


@pytest.mark.parametrize(
    ("status", "verb", "text"),
    [
        (Status.PAUSED, "start", "cannot start a paused container, try unpause"),
        (Status.PAUSED, "pause", "is already paused"),
        (Status.EXITED, "pause", "is not running"),
        (Status.EXITED, "unpause", "is not paused"),
        (Status.PAUSED, "exec", "Container web is paused, unpause the container"),
        (Status.RUNNING, "remove", "You cannot remove a running container c0ffee"),
        (Status.PAUSED, "remove", "You cannot remove a paused container c0ffee"),
        (Status.EXITED, "kill", "Cannot kill container: web: Container c0ffee"),
    ],
)
def test_refuses_in_dockers_words(status: Status, verb: str, text: str) -> None:
    with pytest.raises(ConflictError, match=text):
        follow(container_in(status), verb)
