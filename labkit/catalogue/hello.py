"""hello-world: a program of two system calls, assembled by hand.

An ELF file that the kernel can run needs a header of 64 bytes, one program header of
56 that says "map all of this file, readable and executable", and code. The code is
``write(1, text, length)`` and ``exit(0)``; the text follows it. Nothing else is in the
image: no shell, no C library, no file system to speak of.
"""

import struct

from labkit.catalogue.machines import machine_of

TEXT = b"""
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, these steps were taken:
 1. The docker client asked the engine on this machine to run "hello-world".
 2. The engine found that image here: it was assembled at set-up, from this text.
 3. The engine made a new container from it, which runs the program that wrote
    what you are reading.
 4. The engine streamed that output to the docker client, which sent it to your
    terminal.

Something more ambitious: a shell in a container of its own,
 $ docker run -it busybox sh

"""

_BASE = 0x400000
_HEADERS_BYTES = 64 + 56


def hello(architecture: str, text: bytes = TEXT) -> bytes:
    """Return the program for one architecture."""
    machine = machine_of(architecture)
    code = _amd64(len(text)) if architecture == "amd64" else _arm64(len(text))
    size = _HEADERS_BYTES + len(code) + len(text)
    identity = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)  # 64 bit, little endian
    header = identity + struct.pack(
        "<HHIQQQIHHHHHH",
        2,  # ET_EXEC
        machine.elf,
        1,
        _BASE + _HEADERS_BYTES,  # where the first instruction is
        64,  # the program header follows at once
        0,
        0,
        64,
        56,
        1,
        0,
        0,
        0,
    )
    loaded = struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 0x10000)
    return header + loaded + code + text


def _amd64(length: int) -> bytes:
    write = (
        b"\xb8\x01\x00\x00\x00"  # mov eax, 1 (write)
        b"\xbf\x01\x00\x00\x00"  # mov edi, 1 (standard output)
    )
    rest = (
        b"\xba" + struct.pack("<I", length) +  # mov edx, length
        b"\x0f\x05"  # syscall
        b"\xb8\x3c\x00\x00\x00"  # mov eax, 60 (exit)
        b"\x31\xff"  # xor edi, edi
        b"\x0f\x05"  # syscall
    )  # fmt: skip
    # lea rsi, [rip + distance]: counted from the next instruction to the text.
    return write + b"\x48\x8d\x35" + struct.pack("<i", len(rest)) + rest


def _arm64(length: int) -> bytes:
    count = 8  # instructions of four bytes
    supervisor_call = struct.pack("<I", 0xD4000001)
    return (
        _movz(8, 64)  # x8: write
        + _movz(0, 1)
        + _adr(1, (count - 2) * 4)  # the third instruction, relative to itself
        + _movz(2, length)
        + supervisor_call
        + _movz(8, 93)  # exit
        + _movz(0, 0)
        + supervisor_call
    )


def _movz(register: int, value: int) -> bytes:
    return struct.pack("<I", 0xD2800000 | value << 5 | register)


def _adr(register: int, distance: int) -> bytes:
    low, high = distance & 3, distance >> 2
    return struct.pack("<I", 0x10000000 | low << 29 | high << 5 | register)
