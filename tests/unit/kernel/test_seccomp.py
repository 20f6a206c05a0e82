"""Compiled filters, run by an interpreter of ours."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.kernel import seccomp
from labkit.kernel.syscalls.tables import syscall_numbers
from labkit.spec.runtime import Seccomp, SeccompArgument, SeccompRule
from tests.unit.kernel.bpf_machine import run_filter

NUMBERS = syscall_numbers("x86_64")
EPERM = seccomp.ERRNO | errno.EPERM
ENOSYS = seccomp.ERRNO | errno.ENOSYS


def compile_rules(
    *rules: SeccompRule, default: str = "SCMP_ACT_ERRNO", arch: str = "x86_64"
) -> bytes:
    return seccomp.compile_filter(Seccomp(default, syscalls=rules), arch)


def allow(names: str, *arguments: SeccompArgument) -> SeccompRule:
    return SeccompRule(tuple(names.split()), "SCMP_ACT_ALLOW", args=arguments)


def answer(program: bytes, name: str, *arguments: int) -> int:
    return run_filter(program, NUMBERS[name], arguments)[0]


def test_named_calls_are_allowed_and_others_are_not() -> None:
    program = compile_rules(allow("read write openat close_range"))
    assert answer(program, "read") == seccomp.ALLOW
    assert answer(program, "close_range") == seccomp.ALLOW
    assert answer(program, "mount") == EPERM


@given(st.sets(st.sampled_from(sorted(NUMBERS))))
def test_every_set_of_names_is_exactly_what_is_allowed(names: set[str]) -> None:
    program = compile_rules(allow(" ".join(names)))
    newest = max((NUMBERS[name] for name in names), default=-1)
    for name, number in NUMBERS.items():
        refused = ENOSYS if 0 <= newest < number else EPERM
        expected = seccomp.ALLOW if name in names else refused
        assert answer(program, name) == expected


def test_newer_calls_than_any_named_answer_enosys() -> None:
    program = compile_rules(allow("read rseq"))
    assert run_filter(program, NUMBERS["rseq"] + 1)[0] == ENOSYS
    assert run_filter(program, 5000)[0] == ENOSYS


def test_an_open_policy_stays_open_for_newer_calls() -> None:
    mount = SeccompRule(("mount",), "SCMP_ACT_ERRNO")
    program = compile_rules(mount, default="SCMP_ACT_ALLOW")
    assert run_filter(program, 5000)[0] == seccomp.ALLOW
    assert answer(program, "mount") == EPERM


def test_other_architectures_are_killed() -> None:
    program = compile_rules(allow("read"))
    assert run_filter(program, 0, arch=0x40000003)[0] == seccomp.KILL_PROCESS


def test_the_x32_numbering_is_no_back_door() -> None:
    program = compile_rules(allow("read"))
    assert run_filter(program, seccomp.X32_BIT | NUMBERS["read"])[0] == ENOSYS
    assert run_filter(program, 0xFFFFFFFF)[0] == ENOSYS


@pytest.mark.parametrize(
    ("op", "value", "passing", "failing"),
    [
        ("SCMP_CMP_EQ", 5, [5], [4, 6, 5 | 1 << 32]),
        ("SCMP_CMP_NE", 5, [4, 6, 5 | 1 << 32], [5]),
        ("SCMP_CMP_LT", 5, [0, 4], [5, 6, 1 << 32]),
        ("SCMP_CMP_LE", 5, [0, 5], [6, 1 << 32, 1 << 63]),
        ("SCMP_CMP_GE", 5, [5, 6, 1 << 32], [0, 4]),
        ("SCMP_CMP_GT", 5, [6, 1 << 32], [0, 5]),
        ("SCMP_CMP_GT", 5 << 32, [5 << 32 | 1, 6 << 32], [5 << 32, 9, 4 << 32 | 9]),
        ("SCMP_CMP_LE", 5 << 32, [5 << 32, 9, 4 << 32 | 9], [5 << 32 | 1, 6 << 32]),
        ("SCMP_CMP_EQ", (1 << 64) - 1, [(1 << 64) - 1], [(1 << 32) - 1]),
    ],
)
def test_arguments_are_compared_by_all_64_bits(
    op: str, value: int, passing: list[int], failing: list[int]
) -> None:
    program = compile_rules(allow("read", SeccompArgument(2, value, op)))
    for argument in passing:
        assert answer(program, "read", 0, 0, argument) == seccomp.ALLOW
    for argument in failing:
        assert answer(program, "read", 0, 0, argument) == EPERM


@given(
    st.sampled_from(["EQ", "NE", "LT", "LE", "GT", "GE"]),
    st.integers(0, (1 << 64) - 1),
    st.integers(0, (1 << 64) - 1) | st.sampled_from([0, 1, 1 << 32, (1 << 32) - 1]),
)
def test_comparisons_agree_with_pythons(op: str, argument: int, value: int) -> None:
    expected = {
        "EQ": argument == value,
        "NE": argument != value,
        "LT": argument < value,
        "LE": argument <= value,
        "GT": argument > value,
        "GE": argument >= value,
    }[op]
    condition = SeccompArgument(0, value, f"SCMP_CMP_{op}")
    program = compile_rules(allow("read", condition))
    assert (answer(program, "read", argument) == seccomp.ALLOW) == expected


@given(*[st.integers(0, (1 << 64) - 1)] * 3)
def test_masks_agree_with_pythons(argument: int, mask: int, wanted: int) -> None:
    condition = SeccompArgument(0, mask, "SCMP_CMP_MASKED_EQ", wanted & mask)
    program = compile_rules(allow("read", condition))
    expected = argument & mask == wanted & mask
    assert (answer(program, "read", argument) == seccomp.ALLOW) == expected


def test_all_conditions_of_a_rule_must_hold() -> None:
    one = SeccompArgument(0, 1, "SCMP_CMP_EQ")
    two = SeccompArgument(1, 2, "SCMP_CMP_GE")
    program = compile_rules(allow("read", one, two))
    assert answer(program, "read", 1, 2) == seccomp.ALLOW
    assert answer(program, "read", 1, 1) == EPERM
    assert answer(program, "read", 0, 2) == EPERM


def test_two_conditions_on_one_argument_mean_either() -> None:
    program = compile_rules(
        allow(
            "read",
            SeccompArgument(0, 1, "SCMP_CMP_EQ"),
            SeccompArgument(0, 2, "SCMP_CMP_EQ"),
        )
    )
    assert [answer(program, "read", n) for n in (1, 2, 3)] == [
        seccomp.ALLOW,
        seccomp.ALLOW,
        EPERM,
    ]


def test_several_rules_of_a_call_are_tried_in_order() -> None:
    program = compile_rules(
        allow("personality", SeccompArgument(0, 0, "SCMP_CMP_EQ")),
        allow("personality", SeccompArgument(0, 8, "SCMP_CMP_EQ")),
        SeccompRule(("clone3",), "SCMP_ACT_ERRNO", errno_ret=errno.ENOSYS),
    )
    assert answer(program, "personality", 8) == seccomp.ALLOW
    assert answer(program, "personality", 9) == EPERM
    assert answer(program, "clone3") == ENOSYS


def test_a_rule_without_conditions_wins() -> None:
    condition = SeccompArgument(0, 1, "SCMP_CMP_EQ")
    program = compile_rules(allow("read", condition), allow("read"))
    assert answer(program, "read", 7) == seccomp.ALLOW


@pytest.mark.parametrize(
    ("action", "errno_ret", "value"),
    [
        ("SCMP_ACT_ALLOW", None, seccomp.ALLOW),
        ("SCMP_ACT_LOG", None, seccomp.LOG),
        ("SCMP_ACT_TRAP", None, seccomp.TRAP),
        ("SCMP_ACT_KILL", None, seccomp.KILL_THREAD),
        ("SCMP_ACT_KILL_THREAD", None, seccomp.KILL_THREAD),
        ("SCMP_ACT_KILL_PROCESS", None, seccomp.KILL_PROCESS),
        ("SCMP_ACT_TRACE", 7, seccomp.TRACE | 7),
        ("SCMP_ACT_ERRNO", None, EPERM),
        ("SCMP_ACT_ERRNO", 0, seccomp.ERRNO),
        ("SCMP_ACT_ERRNO", 38, ENOSYS),
    ],
)
def test_actions(action: str, errno_ret: int | None, value: int) -> None:
    assert seccomp.action_value(action, errno_ret) == value


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(InvalidInputError, match="unknown seccomp action 'SCMP_X'"):
        compile_rules(default="SCMP_X")
    with pytest.raises(UnsupportedError, match="SCMP_ACT_NOTIFY"):
        compile_rules(default="SCMP_ACT_NOTIFY")
    with pytest.raises(InvalidInputError, match="unknown seccomp operator 'X'"):
        compile_rules(allow("read", SeccompArgument(0, 1, "X")))
    with pytest.raises(InvalidInputError, match="argument 6 is out of range"):
        compile_rules(allow("read", SeccompArgument(6, 1, "SCMP_CMP_EQ")))
    with pytest.raises(InvalidInputError, match="errno 4096 is out of range"):
        seccomp.action_value("SCMP_ACT_ERRNO", 4096)
    with pytest.raises(UnsupportedError, match="'riscv64'"):
        compile_rules(arch="riscv64")


def test_refuses_programs_that_the_kernel_would_not_take() -> None:
    conditions = [
        allow("read", SeccompArgument(0, n, "SCMP_CMP_EQ")) for n in range(1000)
    ]
    with pytest.raises(InvalidInputError, match="the kernel takes 4096"):
        compile_rules(*conditions)


def test_names_of_other_architectures_are_left_out() -> None:
    program = compile_rules(allow("read breakpoint socketcall"))
    assert answer(program, "read") == seccomp.ALLOW


def test_long_programs_jump_far_enough() -> None:
    rules = [
        allow(name, *[SeccompArgument(i, 7, "SCMP_CMP_EQ") for i in range(6)])
        for name in NUMBERS
        if NUMBERS[name] % 3 == 0
    ]
    program = compile_rules(*rules)
    assert len(program) // 8 > 2000
    for name, number in NUMBERS.items():
        full = run_filter(program, number, (7,) * 6)[0]
        if number % 3 == 0:
            assert full == seccomp.ALLOW
            assert answer(program, name, 7, 7, 7, 7, 7, 8) == EPERM
        else:
            assert full in (EPERM, ENOSYS)
