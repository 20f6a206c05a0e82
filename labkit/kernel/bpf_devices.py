"""Device rules as an eBPF program, for cgroup v2.

v2 has no devices controller. A program of type BPF_PROG_TYPE_CGROUP_DEVICE attached to
a group is asked for every open(2) and mknod(2) of a device node in it; 0 refuses, 1
allows. It gets (linux/bpf.h, struct bpf_cgroup_dev_ctx):

    u32 access_type   access << 16 | type    access: 1 mknod, 2 read, 4 write
    u32 major                                type:   1 block, 2 char
    u32 minor

The program we make is a chain, last rule first, since the last that matches decides:

    r2 = type; r3 = access; r4 = major; r5 = minor
    for each rule, from the last:   if it does not match, go on to the next
                                    r0 = allow; exit
    r0 = 0; exit
"""

import array
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.kernel import libc
from labkit.spec.runtime import DeviceRule

_ACCESS = {"m": 1, "r": 2, "w": 4}
_TYPES = {"b": 1, "c": 2}
_ALL = 7

# Opcodes (linux/bpf.h, bpf_common.h): class | size or operation | source
_LOAD_WORD = 0x61  # BPF_LDX | BPF_MEM | BPF_W
_MOVE_REGISTER = 0xBC  # BPF_ALU | BPF_MOV | BPF_X
_MOVE_NUMBER = 0xB4  # BPF_ALU | BPF_MOV | BPF_K
_AND_NUMBER = 0x54  # BPF_ALU | BPF_AND | BPF_K
_SHIFT_RIGHT = 0x74  # BPF_ALU | BPF_RSH | BPF_K
_JUMP_UNEQUAL = 0x55  # BPF_JMP | BPF_JNE | BPF_K
_JUMP_UNEQUAL_REGISTER = 0x5D  # BPF_JMP | BPF_JNE | BPF_X
_EXIT = 0x95  # BPF_JMP | BPF_EXIT

# bpf(2) commands and constants
_PROG_LOAD = 5
_PROG_ATTACH = 8
_PROG_DETACH = 9
_PROG_GET_FD_BY_ID = 13
_PROG_QUERY = 16
_TYPE_CGROUP_DEVICE = 15
_ATTACH_CGROUP_DEVICE = 6
_ALLOW_MULTI = 2
_QUERY_CAPACITY = 64  # as many programs as the kernel lets one group have


def compile_rules(rules: Iterable[DeviceRule]) -> bytes:
    """Return the program's instructions; no rule at all refuses everything."""
    program = [
        _instruction(_LOAD_WORD, 2, 1, 0),
        _instruction(_MOVE_REGISTER, 3, 2),
        _instruction(_AND_NUMBER, 2, number=0xFFFF),
        _instruction(_SHIFT_RIGHT, 3, number=16),
        _instruction(_LOAD_WORD, 4, 1, 4),
        _instruction(_LOAD_WORD, 5, 1, 8),
    ]
    for rule in reversed(tuple(rules)):
        program += _compile_rule(rule)
        if _matches_all(rule):
            # The verifier refuses instructions that no path reaches.
            return b"".join(program)
    return b"".join(program + _verdict(allow=False))


def replace_device_program(cgroup: Path, program: bytes) -> None:
    """Attach a program to a group and detach those that were there.

    The new one comes first: for a moment both must allow, never does none decide.
    """
    group = os.open(cgroup, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        old = _attached(group)
        loaded = _load(program)
        try:
            _call(
                _PROG_ATTACH,
                "=IIII",
                group,
                loaded,
                _ATTACH_CGROUP_DEVICE,
                _ALLOW_MULTI,
            )
        finally:
            os.close(loaded)
        for program_id in old:
            _detach(group, program_id)
    finally:
        os.close(group)


def _compile_rule(rule: DeviceRule) -> list[bytes]:
    kind = rule.type or "a"
    access = _access_mask(rule.access)
    if kind not in ("a", "b", "c"):
        raise InvalidInputError(f"invalid device type {kind!r}")
    tests: list[tuple[int, int, int]] = []  # opcode, register, number
    body: list[bytes] = []
    if kind != "a":
        tests.append((_JUMP_UNEQUAL, 2, _TYPES[kind]))
    for register, number in ((4, rule.major), (5, rule.minor)):
        if number is not None and number >= 0:
            tests.append((_JUMP_UNEQUAL, register, number))
    end = _verdict(rule.allow)
    has_access_test = access != _ALL
    # Jumps count instructions from the next one to where the next rule begins.
    left = len(tests) + (3 if has_access_test else 0) + len(end)
    if has_access_test:
        # What is asked for must be a part of what the rule names.
        body += [
            _instruction(_MOVE_REGISTER, 1, 3),
            _instruction(_AND_NUMBER, 1, number=access),
            _instruction(_JUMP_UNEQUAL_REGISTER, 1, 3, offset=left - 3),
        ]
        left -= 3
    for opcode, register, number in tests:
        left -= 1
        body.append(_instruction(opcode, register, offset=left, number=number))
    return body + end


def _verdict(allow: bool) -> list[bytes]:
    return [_instruction(_MOVE_NUMBER, 0, number=int(allow)), _instruction(_EXIT)]


def _matches_all(rule: DeviceRule) -> bool:
    numbers = (rule.major, rule.minor)
    return (
        (rule.type or "a") == "a"
        and all(number is None or number < 0 for number in numbers)
        and _access_mask(rule.access) == _ALL
    )


def _access_mask(access: str) -> int:
    mask = 0
    for letter in access:
        if letter not in _ACCESS:
            raise InvalidInputError(f"invalid device access {access!r}")
        mask |= _ACCESS[letter]
    if not mask:
        raise InvalidInputError(f"invalid device access {access!r}")
    return mask


def _instruction(
    opcode: int, target: int = 0, source: int = 0, offset: int = 0, number: int = 0
) -> bytes:
    # struct bpf_insn: code, dst:4 src:4, off, imm
    return struct.pack("=BBhi", opcode, source << 4 | target, offset, number)


def _load(program: bytes) -> int:
    code = array.array("B", program)
    licence = array.array("B", b"Apache\0")
    # prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version
    return _call(
        _PROG_LOAD,
        "=IIQQIIQII",
        _TYPE_CGROUP_DEVICE,
        len(program) // 8,
        code.buffer_info()[0],
        licence.buffer_info()[0],
        0,
        0,
        0,
        0,
        0,
    )


def _attached(group: int) -> tuple[int, ...]:
    ids = array.array("I", [0] * _QUERY_CAPACITY)
    # target_fd, attach_type, query_flags, attach_flags, prog_ids, prog_cnt
    _call(
        _PROG_QUERY,
        "=IIIIQII",
        group,
        _ATTACH_CGROUP_DEVICE,
        0,
        0,
        ids.buffer_info()[0],
        _QUERY_CAPACITY,
        0,
    )
    return tuple(number for number in ids if number)


def _detach(group: int, program_id: int) -> None:
    try:
        program = _call(_PROG_GET_FD_BY_ID, "=III", program_id, 0, 0)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return  # somebody else detached it meanwhile
        raise
    try:
        _call(_PROG_DETACH, "=IIII", group, program, _ATTACH_CGROUP_DEVICE, 0)
    finally:
        os.close(program)


def _call(command: int, layout: str, *fields: int) -> int:
    return libc.bpf(command, struct.pack(layout, *fields))
