"""Compiles a seccomp policy to the BPF program that the kernel runs at each call.

The policy (OCI's ``linux.seccomp``) is a default action and rules: names, an action,
and perhaps conditions on arguments. The kernel takes classic BPF (seccomp(2)): a
program with one register that reads ``struct seccomp_data`` and returns an action.

    int  nr                  offset 0
    u32  arch                       4
    u64  instruction_pointer        8
    u64  args[6]                   16, low word first on our architectures

A chain of 300 comparisons would cost every call; so the numbers are cut into ranges
with the same answer, and a balanced tree of ``>=`` tests finds it in about eight:

    arch is not ours      -> kill: numbers mean something else there
    x86_64: nr >= 2**30   -> ENOSYS: the x32 numbering, another way in to the same calls
    nr >= 186 ? ... : ... -> allow | errno | tests of arguments

A call that is newer than any the policy names answers ENOSYS instead of the default
EPERM, as runc does: programs try new calls first and fall back on ENOSYS only.
"""

import errno
import platform
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.kernel.syscalls.tables import syscall_numbers
from labkit.spec.runtime import Seccomp, SeccompArgument, SeccompRule

# linux/audit.h, AUDIT_ARCH_*: ELF machine | 64 bit | little endian
AUDIT_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x4000_0000

# linux/seccomp.h, SECCOMP_RET_*
KILL_PROCESS = 0x8000_0000
KILL_THREAD = 0x0000_0000
TRAP = 0x0003_0000
ERRNO = 0x0005_0000
TRACE = 0x7FF0_0000
LOG = 0x7FFC_0000
ALLOW = 0x7FFF_0000

_ACTIONS = {
    "SCMP_ACT_KILL": KILL_THREAD,
    "SCMP_ACT_KILL_THREAD": KILL_THREAD,
    "SCMP_ACT_KILL_PROCESS": KILL_PROCESS,
    "SCMP_ACT_TRAP": TRAP,
    "SCMP_ACT_ERRNO": ERRNO,
    "SCMP_ACT_TRACE": TRACE,
    "SCMP_ACT_LOG": LOG,
    "SCMP_ACT_ALLOW": ALLOW,
}
# Actions whose lower 16 bits the program chooses.
_WITH_DATA = ("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE")
_MOST_ERRNO = 4095

# linux/bpf_common.h: class | size or operation | source
_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_JUMP = 0x05  # BPF_JMP | BPF_JA
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_GREATER = 0x25  # BPF_JMP | BPF_JGT | BPF_K
_GREATER_EQUAL = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

_NUMBER_OFFSET = 0
_ARCH_OFFSET = 4
_ARGUMENTS_OFFSET = 16
_FARTHEST_JUMP = 255
_MOST_INSTRUCTIONS = 4096  # BPF_MAXINSNS
_WORD = 0xFFFF_FFFF

_NEXT, _PASS, _FAIL = "next", "pass", "fail"
_Step = tuple[int, int, str, str]
"""Code, operand, and where to go on true and on false."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Rules of one system call, tried in order; each is a row of conditions."""

    tests: tuple[tuple[tuple[SeccompArgument, ...], int], ...]
    otherwise: int


_Verdict = int | _Case


def compile_filter(seccomp: Seccomp, arch: str | None = None) -> bytes:
    """Return the program's instructions, for ``load_seccomp``.

    Args:
        arch: ``platform.machine()``'s word; the running machine's if it is None.

    Raises:
        InvalidInputError: the policy has an unknown action, operator or index.
        UnsupportedError: the architecture's numbers are not known.
    """
    machine = arch or platform.machine()
    numbers = syscall_numbers(machine)
    default = action_value(seccomp.default_action, seccomp.default_errno_ret)
    program = _prologue(machine)
    program += _tree(_ranges(seccomp, numbers, default))
    if len(program) > _MOST_INSTRUCTIONS:
        raise InvalidInputError(
            f"seccomp policy needs {len(program)} instructions, "
            f"the kernel takes {_MOST_INSTRUCTIONS}"
        )
    return b"".join(program)


def action_value(name: str, data: int | None) -> int:
    """Return what the program answers for an action's name."""
    if name == "SCMP_ACT_NOTIFY":
        raise UnsupportedError("seccomp action SCMP_ACT_NOTIFY: nobody listens here")
    if name not in _ACTIONS:
        raise InvalidInputError(f"unknown seccomp action {name!r}")
    if name not in _WITH_DATA:
        return _ACTIONS[name]
    value = errno.EPERM if data is None else data
    if not 0 <= value <= _MOST_ERRNO:
        raise InvalidInputError(f"seccomp errno {value} is out of range")
    return _ACTIONS[name] | value


def _prologue(machine: str) -> list[bytes]:
    program = [
        _instruction(_LOAD, _ARCH_OFFSET),
        _instruction(_EQUAL, AUDIT_ARCHES[machine], 1, 0),
        _instruction(_RETURN, KILL_PROCESS),
        _instruction(_LOAD, _NUMBER_OFFSET),
    ]
    if machine == "x86_64":
        program += [
            _instruction(_GREATER_EQUAL, X32_BIT, 0, 1),
            _instruction(_RETURN, ERRNO | errno.ENOSYS),
        ]
    return program


def _ranges(
    seccomp: Seccomp, numbers: dict[str, int], default: int
) -> list[tuple[int, _Verdict]]:
    """Return where each run of equal answers begins, from 0 on."""
    verdicts = _verdicts(seccomp.syscalls, numbers, default)
    newest = max(verdicts, default=-1)
    beyond = default
    if newest >= 0 and default & ~0xFFFF in (ERRNO, KILL_PROCESS, KILL_THREAD, TRAP):
        beyond = ERRNO | errno.ENOSYS
    ranges: list[tuple[int, _Verdict]] = [(0, verdicts.get(0, default))]
    for number in range(1, newest + 1):
        verdict = verdicts.get(number, default)
        if verdict != ranges[-1][1]:
            ranges.append((number, verdict))
    if beyond != ranges[-1][1]:
        ranges.append((newest + 1, beyond))
    return ranges


def _verdicts(
    rules: Iterable[SeccompRule], numbers: dict[str, int], default: int
) -> dict[int, _Verdict]:
    cases: dict[int, list[tuple[tuple[SeccompArgument, ...], int]]] = {}
    for rule in rules:
        action = action_value(rule.action, rule.errno_ret)
        for name in rule.names:
            # Names of other architectures, or newer than our table, filter nothing.
            if name in numbers:
                rows = cases.setdefault(numbers[name], [])
                rows += [(row, action) for row in _rows(rule.args)]
    return {number: _simplify(rows, default) for number, rows in cases.items()}


def _rows(
    arguments: tuple[SeccompArgument, ...],
) -> tuple[tuple[SeccompArgument, ...], ...]:
    """Split conditions into alternatives.

    All must hold, but two on the same argument mean "either": so runc reads it, since
    libseccomp can't compare an argument twice in one rule.
    """
    indices = [argument.index for argument in arguments]
    if len(set(indices)) < len(indices):
        return tuple((argument,) for argument in arguments)
    return (arguments,)


def _simplify(
    rows: list[tuple[tuple[SeccompArgument, ...], int]], default: int
) -> _Verdict:
    """A rule without conditions makes those with conditions pointless (libseccomp)."""
    for conditions, action in rows:
        if not conditions:
            return action
    return _Case(tuple(rows), default)


def _tree(ranges: list[tuple[int, _Verdict]]) -> list[bytes]:
    if len(ranges) == 1:
        verdict = ranges[0][1]
        return _case(verdict) if isinstance(verdict, _Case) else [_answer(verdict)]
    middle = len(ranges) // 2
    low, high = _tree(ranges[:middle]), _tree(ranges[middle:])
    start = ranges[middle][0]
    if len(low) <= _FARTHEST_JUMP:
        return [_instruction(_GREATER_EQUAL, start, len(low), 0), *low, *high]
    # A conditional jump has one byte for the distance, an unconditional one four.
    hop = _instruction(_JUMP, len(low))
    return [_instruction(_GREATER_EQUAL, start, 0, 1), hop, *low, *high]


def _case(case: _Case) -> list[bytes]:
    program: list[bytes] = []
    for conditions, action in case.tests:
        # All conditions hold, or the program goes on behind the answer.
        parts = [_test(condition) for condition in conditions]
        program += [*_chain(parts), _answer(action)]
    return [*program, _answer(case.otherwise)]


def _chain(parts: list[list[_Step]]) -> list[bytes]:
    """Join tests so that a failure leads behind the answer that follows them."""
    total = sum(len(part) for part in parts)
    program, done = [], 0
    for part in parts:
        for at, (code, operand, on_true, on_false) in enumerate(part):
            # Distances count from the instruction after this one.
            passed = len(part) - at - 1
            failed = total - done - at
            where = {_NEXT: 0, _PASS: passed, _FAIL: failed}
            program.append(_instruction(code, operand, where[on_true], where[on_false]))
        done += len(part)
    return program


def _test(condition: SeccompArgument) -> list[_Step]:
    """Compare a 64-bit argument by its two words."""
    if not 0 <= condition.index <= 5:
        raise InvalidInputError(f"seccomp argument {condition.index} is out of range")
    low = _ARGUMENTS_OFFSET + 8 * condition.index
    high = low + 4
    value = condition.value & (1 << 64) - 1
    words = value >> 32, value & _WORD
    if condition.op == "SCMP_CMP_MASKED_EQ":
        wanted = condition.value_two & (1 << 64) - 1
        return [
            *_masked(high, words[0], wanted >> 32),
            *_masked(low, words[1], wanted & _WORD),
        ]
    if condition.op in ("SCMP_CMP_EQ", "SCMP_CMP_NE"):
        equal, other = (
            (_PASS, _FAIL) if condition.op == "SCMP_CMP_EQ" else (_FAIL, _PASS)
        )
        return [
            (_LOAD, high, _NEXT, _NEXT),
            (_EQUAL, words[0], _NEXT, other),
            (_LOAD, low, _NEXT, _NEXT),
            (_EQUAL, words[1], equal, other),
        ]
    if condition.op not in _ORDERINGS:
        raise InvalidInputError(f"unknown seccomp operator {condition.op!r}")
    # Each of the four is "greater (or equal)" or its opposite: the high word decides
    # unless it is equal.
    code, on_true, on_false = _ORDERINGS[condition.op]
    return [
        (_LOAD, high, _NEXT, _NEXT),
        (_GREATER, words[0], on_true, _NEXT),
        (_EQUAL, words[0], _NEXT, on_false),
        (_LOAD, low, _NEXT, _NEXT),
        (code, words[1], on_true, on_false),
    ]


_ORDERINGS = {
    "SCMP_CMP_GT": (_GREATER, _PASS, _FAIL),
    "SCMP_CMP_GE": (_GREATER_EQUAL, _PASS, _FAIL),
    "SCMP_CMP_LE": (_GREATER, _FAIL, _PASS),
    "SCMP_CMP_LT": (_GREATER_EQUAL, _FAIL, _PASS),
}


def _masked(offset: int, mask: int, wanted: int) -> list[_Step]:
    return [
        (_LOAD, offset, _NEXT, _NEXT),
        (_AND, mask, _NEXT, _NEXT),
        (_EQUAL, wanted, _NEXT, _FAIL),
    ]


def _answer(value: int) -> bytes:
    return _instruction(_RETURN, value)


def _instruction(code: int, operand: int, on_true: int = 0, on_false: int = 0) -> bytes:
    # struct sock_filter: code, jt, jf, k
    return struct.pack("=HBBI", code, on_true, on_false, operand & _WORD)
