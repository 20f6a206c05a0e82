"""Runs the programs that we compile, as the kernel would: classic BPF and eBPF."""

import struct

MASK = (1 << 64) - 1


def run_filter(
    program: bytes,
    number: int,
    arguments: tuple[int, ...] = (),
    arch: int = 0xC000003E,
) -> tuple[int, int]:
    """Return a seccomp filter's answer and how many instructions it took."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, arch, 0, *padded)
    register = at = steps = 0
    while True:
        code, on_true, on_false, operand = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        steps += 1
        match code:
            case 0x20:
                (register,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                register &= operand
            case 0x05:
                at += operand
            case 0x15:
                at += on_true if register == operand else on_false
            case 0x25:
                at += on_true if register > operand else on_false
            case 0x35:
                at += on_true if register >= operand else on_false
            case 0x45:  # only libseccomp's programs have it
                at += on_true if register & operand else on_false
            case 0x06:
                return operand, steps
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


def run_device_program(
    program: bytes, access: int, kind: int, major: int, minor: int
) -> int:
    """Return what a cgroup device program answers."""
    context = struct.pack("=III", access << 16 | kind, major, minor)
    registers = [0] * 11
    at = 0
    while True:
        code, names, offset, number = struct.unpack_from("=BBhi", program, 8 * at)
        target, source = names & 15, names >> 4
        at += 1
        match code:
            case 0x61:
                (registers[target],) = struct.unpack_from("=I", context, offset)
            case 0xBC:
                registers[target] = registers[source] & 0xFFFFFFFF
            case 0xB4:
                registers[target] = number & 0xFFFFFFFF
            case 0x54:
                registers[target] &= number & 0xFFFFFFFF
            case 0x74:
                registers[target] >>= number
            case 0x55:
                at += offset if registers[target] != number & MASK else 0
            case 0x5D:
                at += offset if registers[target] != registers[source] else 0
            case 0x95:
                return registers[0]
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")
