"""What answers mean."""

from dataclasses import replace

import pytest

from labkit.engine.health.verdict import (
    first_health,
    judge,
    pause_ns,
    probe_command,
    timeout_ns,
    unwatched,
)
from labkit.engine.model import Container, ContainerConfig, Health, HealthProbe
from labkit.spec.image import Healthcheck
from tests.unit.engine.build import container

_S = 1_000_000_000


def _checked(status: str = "starting", **check: int) -> Container:
    config = ContainerConfig(healthcheck=Healthcheck(test=("CMD", "true"), **check))
    return container(config, health=Health(status), started_at=100 * _S)


def _answer(code: int, at: int = 200 * _S) -> HealthProbe:
    return HealthProbe(at, at + 1, code, "")


@pytest.mark.parametrize(
    ("test", "command"),
    [
        ((), ()),
        (("NONE",), ()),
        (("CMD", "curl", "-f", "x"), ("curl", "-f", "x")),
        (("CMD-SHELL", "exit 1"), ("/bin/sh", "-c", "exit 1")),
        (("PERHAPS", "exit 1"), ()),
    ],
)
def test_commands(test: tuple[str, ...], command: tuple[str, ...]) -> None:
    config = ContainerConfig(healthcheck=Healthcheck(test=test))
    assert probe_command(container(config)) == command


def test_the_images_shell_is_used() -> None:
    check = Healthcheck(test=("CMD-SHELL", "x"))
    config = ContainerConfig(healthcheck=check, shell=("/bin/bash", "-ec"))
    assert probe_command(container(config)) == ("/bin/bash", "-ec", "x")


def test_a_new_life_starts_anew_and_keeps_old_answers() -> None:
    answers = (_answer(1),)
    made = replace(_checked(), health=Health("unhealthy", 7, answers))
    assert first_health(made) == Health("starting", 0, answers)
    assert first_health(container()) is None


def test_nobody_asked_is_unhealthy() -> None:
    assert unwatched(Health("healthy")) == Health("unhealthy")
    assert unwatched(None) is None


def test_one_good_answer_heals() -> None:
    made = replace(_checked(), health=Health("unhealthy", 9))
    health = judge(made, _answer(0))
    assert (health.status, health.failing_streak) == ("healthy", 0)


@pytest.mark.parametrize(("retries", "needed"), [(0, 3), (1, 1), (5, 5)])
def test_so_many_bad_answers_in_a_row(retries: int, needed: int) -> None:
    made = _checked("healthy", retries=retries)
    for count in range(1, needed + 1):
        made = replace(made, health=judge(made, _answer(1)))
        assert made.health is not None
        assert made.health.failing_streak == count
        assert made.health.status == ("unhealthy" if count == needed else "healthy")


def test_the_start_period_counts_no_failure() -> None:
    made = _checked(start_period=10 * _S, retries=1)
    within, after = _answer(1, 105 * _S), _answer(1, 110 * _S)
    assert judge(made, within) == Health("starting", 0, (within,))
    assert judge(made, after).status == "unhealthy"


def test_once_healthy_the_start_period_is_over() -> None:
    made = _checked("healthy", start_period=10 * _S, retries=1)
    assert judge(made, _answer(1, 105 * _S)).status == "unhealthy"


def test_five_answers_are_kept() -> None:
    made = _checked()
    for code in range(7):
        made = replace(made, health=judge(made, _answer(code)))
    assert made.health is not None
    assert [probe.exit_code for probe in made.health.log] == [2, 3, 4, 5, 6]


def test_when_to_ask() -> None:
    early, late = 105 * _S, 111 * _S
    assert pause_ns(_checked(), early) == 30 * _S
    assert pause_ns(_checked(interval=_S), early) == _S
    starting = _checked(start_period=10 * _S)
    assert pause_ns(starting, early) == 5 * _S
    assert pause_ns(starting, late) == 30 * _S
    quick = _checked(start_period=10 * _S, start_interval=_S, interval=2 * _S)
    assert pause_ns(quick, early) == _S
    assert pause_ns(quick, late) == 2 * _S
    assert pause_ns(_checked(start_period=10 * _S, interval=_S), early) == _S
    assert pause_ns(_checked("healthy", start_period=10 * _S), early) == 30 * _S


def test_how_long_to_wait() -> None:
    assert timeout_ns(_checked()) == 30 * _S
    assert timeout_ns(_checked(timeout=_S)) == _S
