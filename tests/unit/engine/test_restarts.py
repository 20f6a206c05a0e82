"""Policies and patience."""

import pytest

from labkit.engine.model import Container, HostConfig, RestartPolicy
from labkit.engine.restarts import (
    FIRST_NS,
    HEALTHY_NS,
    LONGEST_NS,
    next_backoff,
    wants_restart,
    wants_start_with_engine,
)
from tests.unit.engine.build import container


def with_policy(name: str, most: int = 0, **changes: object) -> Container:
    host = HostConfig(restart_policy=RestartPolicy(name, most))
    return container(host=host, **changes)


@pytest.mark.parametrize(
    ("policy", "code", "wanted"),
    [
        ("no", 1, False),
        ("always", 0, True),
        ("unless-stopped", 0, True),
        ("on-failure", 0, False),
        ("on-failure", 1, True),
    ],
)
def test_policies(policy: str, code: int, wanted: bool) -> None:
    assert wants_restart(with_policy(policy), code) is wanted
    assert not wants_restart(with_policy(policy, stopped_by_user=True), code)


def test_failures_are_counted() -> None:
    assert wants_restart(with_policy("on-failure", 2, restart_count=1), 1)
    assert not wants_restart(with_policy("on-failure", 2, restart_count=2), 1)


def test_only_always_forgets_who_stopped_it() -> None:
    assert wants_start_with_engine(with_policy("always", stopped_by_user=True))
    stopped = with_policy("unless-stopped", stopped_by_user=True)
    assert not wants_start_with_engine(stopped)
    assert wants_start_with_engine(with_policy("unless-stopped"))
    assert not wants_start_with_engine(with_policy("no"))


def test_patience_doubles_to_a_minute() -> None:
    waits = [0]
    for _ in range(12):
        waits.append(next_backoff(waits[-1], ran_ns=0))
    assert waits[1:4] == [FIRST_NS, 2 * FIRST_NS, 4 * FIRST_NS]
    assert waits[-1] == LONGEST_NS


def test_a_healthy_run_begins_anew() -> None:
    assert next_backoff(LONGEST_NS, HEALTHY_NS) == FIRST_NS
