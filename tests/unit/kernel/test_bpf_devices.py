"""Device rules as programs, run by an interpreter of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError
from labkit.cgroups.devices import ALLOW_ALL, DEFAULT_DEVICE_RULES
from labkit.kernel.bpf_devices import compile_rules
from labkit.spec.runtime import DeviceRule
from tests.unit.kernel.bpf_machine import run_device_program

MKNOD, READ, WRITE = 1, 2, 4
BLOCK, CHAR = 1, 2


def allowed(
    rules: tuple[DeviceRule, ...], access: int, kind: int, major: int, minor: int
) -> bool:
    return bool(run_device_program(compile_rules(rules), access, kind, major, minor))


def test_default_rules() -> None:
    rules = DEFAULT_DEVICE_RULES
    assert allowed(rules, READ | WRITE, CHAR, 1, 3)
    assert allowed(rules, READ, CHAR, 136, 77)
    assert allowed(rules, MKNOD, BLOCK, 8, 0)
    assert not allowed(rules, READ, BLOCK, 8, 0)
    assert not allowed(rules, READ, CHAR, 1, 11)  # kmsg
    assert not allowed(rules, READ, BLOCK, 1, 3)  # same numbers, other type


def test_no_rules_refuse_all_and_one_opens_all() -> None:
    assert not allowed((), READ, CHAR, 1, 3)
    assert allowed(ALLOW_ALL, READ | WRITE | MKNOD, BLOCK, 8, 0)


def test_the_last_rule_that_matches_decides() -> None:
    rules = (*ALLOW_ALL, DeviceRule(False, "b", 8, 0))
    assert not allowed(rules, READ, BLOCK, 8, 0)
    assert allowed(rules, READ, BLOCK, 8, 1)
    assert not allowed((*rules, DeviceRule(False)), READ, BLOCK, 8, 1)


def test_access_must_be_covered_whole() -> None:
    rules = (DeviceRule(True, "c", 1, 3, "r"),)
    assert allowed(rules, READ, CHAR, 1, 3)
    assert not allowed(rules, READ | WRITE, CHAR, 1, 3)


rules_strategy = st.lists(
    st.builds(
        DeviceRule,
        allow=st.booleans(),
        type=st.sampled_from([None, "a", "b", "c"]),
        major=st.sampled_from([None, -1, 1, 8]),
        minor=st.sampled_from([None, 0, 3]),
        access=st.sampled_from(["r", "w", "m", "rw", "rwm"]),
    ),
    max_size=6,
)


@given(
    rules_strategy,
    st.integers(1, 7),
    st.sampled_from([BLOCK, CHAR]),
    st.sampled_from([1, 8, 9]),
    st.sampled_from([0, 3]),
)
def test_programs_say_what_the_rules_say(
    rules: list[DeviceRule], access: int, kind: int, major: int, minor: int
) -> None:
    expected = False
    for rule in rules:
        mask = sum({"m": 1, "r": 2, "w": 4}[letter] for letter in rule.access)
        if (
            rule.type in (None, "a", {BLOCK: "b", CHAR: "c"}[kind])
            and rule.major in (None, -1, major)
            and rule.minor in (None, minor)
            and access & ~mask == 0
        ):
            expected = rule.allow
    assert allowed(tuple(rules), access, kind, major, minor) == expected


@pytest.mark.parametrize(
    "rule",
    [DeviceRule(True, "p"), DeviceRule(True, access=""), DeviceRule(True, access="x")],
)
def test_refuses_broken_rules(rule: DeviceRule) -> None:
    with pytest.raises(InvalidInputError, match="invalid device"):
        compile_rules((rule,))
