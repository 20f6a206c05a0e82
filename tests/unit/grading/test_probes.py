import pytest

from labkit.grading.probes import (
    ConnectProbe,
    ContainerProbe,
    CouldNotCheckError,
    NetworkProbe,
    Observation,
    PortBinding,
    Unavailable,
)
from tests.unit.grading.build import make_container


def test_equal_questions_are_one_question():
    assert len({ConnectProbe("a", "b", 80), ConnectProbe("a", "b", 80)}) == 1


def test_absent_unavailable_and_unasked_are_three_things():
    seen = Observation(
        {ContainerProbe("gone"): None, NetworkProbe("net"): Unavailable("too slow")}
    )
    assert seen.container("gone") is None
    with pytest.raises(CouldNotCheckError, match="too slow"):
        seen.network("net")
    with pytest.raises(CouldNotCheckError, match="not observed"):
        seen.network("other")


def test_finds_what_was_observed():
    web = make_container()
    assert Observation({ContainerProbe("web"): web}).container("web") is web


def test_spells_a_binding_as_docker_does():
    assert str(PortBinding("", 8081, 80, "tcp")) == "0.0.0.0:8081:80/tcp"
