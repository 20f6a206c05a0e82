"""The C library's functions and the raw system calls that Python does not offer.

This is the only file that imports ``ctypes``. Each prototype has its argument and
result types, so that a wrong argument fails here and not in the kernel. A call returns
a value or raises ``KernelCallError`` with its name and its operands.

Python 3.12 has os.unshare and os.setns, 3.11 has not: ours are used on all versions,
so that there is one behaviour. Calls without a function in glibc (pivot_root(2),
openat2(2), capset(2) ...) are made by number; those below 400 differ by architecture.

The library is loaded with ``PyDLL``, which keeps the interpreter's lock during a call:
a child that clone(2) made must find the lock as it was, and no call here waits long.
"""

import ctypes
import enum
import functools
import os
import platform
import signal
import struct
from ctypes import c_char_p, c_int, c_long, c_size_t, c_uint, c_ulong

from labkit.base.errors import UnsupportedError
from labkit.kernel.flags import LINUX_CAPABILITY_VERSION_3

_LIBRARY = ctypes.PyDLL(None, use_errno=True)

_NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {
        "rt_sigaction": 13,
        "clone": 56,
        "capset": 126,
        "pivot_root": 155,
        "keyctl": 250,
        "seccomp": 317,
        "bpf": 321,
    },
    "aarch64": {
        "rt_sigaction": 134,
        "clone": 220,
        "capset": 91,
        "pivot_root": 41,
        "keyctl": 219,
        "seccomp": 277,
        "bpf": 280,
    },
}
_AT_FDCWD = -100
_M_ARENA_MAX = -8  # malloc.h
_BY_DESCRIPTORS = 0x04 | 0x40  # MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH
_SIGNALS = 64
_SIGACTION_SIZE = 32  # struct kernel_sigaction where it is longest
# From 5.1 on new calls have one number everywhere.
_SAME_NUMBERS = {
    "open_tree": 428,
    "move_mount": 429,
    "close_range": 436,
    "openat2": 437,
    "mount_setattr": 442,
}


class KernelCallError(OSError):
    """A system call failed; the message names the call and its operands."""

    def __init__(self, number: int, call: str, operands: tuple[object, ...]) -> None:
        super().__init__(number, os.strerror(number))
        self.call = call
        self.operands = operands

    @property
    def reason(self) -> str:
        return os.strerror(self.errno or 0).lower()

    def __str__(self) -> str:
        shown = ", ".join(show_operand(operand) for operand in self.operands)
        return f"{self.call}({shown}): {self.reason}"


@functools.cache
def _kind(number: int) -> type[KernelCallError]:
    """Return a KernelCallError that is FileNotFoundError as well, for ENOENT, and so
    on: Python picks those classes by errno, but only for OSError itself."""
    builtin = type(OSError(number, ""))
    if builtin is OSError:
        return KernelCallError
    return type(KernelCallError.__name__, (KernelCallError, builtin), {})


def kernel_error(number: int, call: str, *operands: object) -> KernelCallError:
    """Return the error for an errno, to be raised."""
    return _kind(number)(number, call, operands)


def show_operand(operand: object) -> str:
    """Spell an operand for people: flags by their names, long texts cut."""
    if isinstance(operand, enum.IntFlag):
        return operand.name or "0"
    if isinstance(operand, int):
        return str(int(operand))
    text = repr(operand)
    return text if len(text) <= 200 else text[:197] + "..."


def _function(name: str, *argument_types: type) -> "ctypes._NamedFuncPointer":
    function = _LIBRARY[name]
    function.argtypes = list(argument_types)
    function.restype = c_int
    return function


_mount = _function("mount", c_char_p, c_char_p, c_char_p, c_ulong, c_char_p)
_umount2 = _function("umount2", c_char_p, c_int)
_unshare = _function("unshare", c_int)
_setns = _function("setns", c_int, c_int)
_sethostname = _function("sethostname", c_char_p, c_size_t)
_setdomainname = _function("setdomainname", c_char_p, c_size_t)
_syncfs = _function("syncfs", c_int)
_fstatfs = _function("fstatfs", c_int, c_char_p)
_prctl = _function("prctl", c_int, c_ulong, c_ulong, c_ulong, c_ulong)
_inotify_init1 = _function("inotify_init1", c_int)
_inotify_add_watch = _function("inotify_add_watch", c_int, c_char_p, c_uint)
_inotify_rm_watch = _function("inotify_rm_watch", c_int, c_int)
# syscall(2) is variadic: declaring six long arguments is what its callers pass, and on
# both architectures registers carry them.
_syscall = _LIBRARY["syscall"]
_syscall.argtypes = [c_long] * 7
_syscall.restype = c_long


class _SockFprog(ctypes.Structure):
    """struct sock_fprog (linux/filter.h)."""

    _fields_ = (("len", ctypes.c_ushort), ("filter", c_char_p))


def _checked(result: int, call: str, *operands: object) -> int:
    if result < 0:
        raise kernel_error(ctypes.get_errno(), call, *operands)
    return result


def _number(name: str) -> int:
    if name in _SAME_NUMBERS:
        return _SAME_NUMBERS[name]
    machine = platform.machine()
    if machine not in _NUMBERS:
        raise UnsupportedError(f"cannot call {name} on {machine!r}: unknown numbers")
    return _NUMBERS[machine][name]


_CALLS = {
    name: _number(name)
    for name in (*_SAME_NUMBERS, *_NUMBERS["x86_64"])
    if platform.machine() in _NUMBERS
}


def raw_call(name: str, *arguments: int) -> int:
    """Make a system call by its number. Operands are numbers and addresses."""
    if name not in _CALLS:
        _number(name)
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    return int(_syscall(_CALLS[name], *padded))


def encode(text: str | None) -> bytes | None:
    """Return what C takes; a NUL inside would silently cut a path short."""
    if text is None:
        return None
    data = os.fsencode(text)
    if b"\0" in data:
        raise ValueError(f"embedded null byte in {text!r}")
    return data


def clone(flags: int) -> int:
    """Fork into new namespaces; the child goes on with a copy of everything.

    A null stack means "a copy of the caller's" (clone(2), NOTES): the same as fork(2).
    """
    return _checked(raw_call("clone", flags), "clone", flags)


def unshare(flags: int) -> None:
    _checked(_unshare(flags), "unshare", flags)


def setns(fd: int, flags: int) -> None:
    _checked(_setns(fd, flags), "setns", fd, flags)


def mount(
    source: str | None,
    target: str,
    filesystem: str | None,
    flags: int,
    data: str | None,
) -> None:
    result = _mount(
        encode(source), encode(target), encode(filesystem), flags, encode(data)
    )
    _checked(result, "mount", source, target, filesystem, flags, data)


def umount(target: str, flags: int) -> None:
    _checked(_umount2(encode(target), flags), "umount2", target, flags)


def pivot_root(new_root: str, put_old: str) -> None:
    new, old = _buffer(new_root), _buffer(put_old)
    result = raw_call("pivot_root", ctypes.addressof(new), ctypes.addressof(old))
    _checked(result, "pivot_root", new_root, put_old)


def mount_setattr(path: str, recursive: bool, attributes: int) -> None:
    """Set attributes of a mount and, if asked, of all mounts below it (Linux 5.12)."""
    # struct mount_attr: attr_set, attr_clr, propagation, userns_fd
    attr = ctypes.create_string_buffer(struct.pack("=QQQQ", attributes, 0, 0, 0), 32)
    name = _buffer(path)
    result = raw_call(
        "mount_setattr",
        _AT_FDCWD,
        ctypes.addressof(name),
        0x8000 if recursive else 0,  # AT_RECURSIVE
        ctypes.addressof(attr),
        32,
    )
    _checked(result, "mount_setattr", path, attributes)


def open_tree(path: str, flags: int) -> int:
    """Open a mount, or a copy of it that is attached nowhere (open_tree(2))."""
    name = _buffer(path)
    result = raw_call("open_tree", _AT_FDCWD, ctypes.addressof(name), flags)
    return _checked(result, "open_tree", path)


def move_mount(mount: int, target: int) -> None:
    """Attach a mount to an open file or folder (move_mount(2)), by descriptors."""
    empty = _buffer("")
    name = ctypes.addressof(empty)
    result = raw_call("move_mount", mount, name, target, name, _BY_DESCRIPTORS)
    _checked(result, "move_mount", mount, target)


def openat2(folder: int, path: str, flags: int, mode: int, resolve: int) -> int:
    """Open a path with restrictions on how it is resolved (Linux 5.6)."""
    # struct open_how: flags, mode, resolve
    how = ctypes.create_string_buffer(struct.pack("=QQQ", flags, mode, resolve), 24)
    name = _buffer(path)
    result = raw_call(
        "openat2", folder, ctypes.addressof(name), ctypes.addressof(how), 24
    )
    return _checked(result, "openat2", folder, path, flags, resolve)


def close_range(first: int, last: int, flags: int) -> None:
    _checked(
        raw_call("close_range", first, last, flags), "close_range", first, last, flags
    )


def syncfs(fd: int) -> None:
    """Write all that is pending on the file system of an open file to the disk."""
    _checked(_syncfs(fd), "syncfs", fd)


def filesystem_of(fd: int) -> int:
    """Return the number of the kind of filesystem that a file is on (statfs(2))."""
    # struct statfs has 120 bytes on both architectures; f_type is its first word.
    buffer = ctypes.create_string_buffer(256)
    _checked(_fstatfs(fd, buffer), "fstatfs", fd)
    (kind,) = struct.unpack_from("l", buffer.raw)
    return int(kind)


def sethostname(name: str) -> None:
    data = os.fsencode(name)
    _checked(_sethostname(data, len(data)), "sethostname", name)


def setdomainname(name: str) -> None:
    data = os.fsencode(name)
    _checked(_setdomainname(data, len(data)), "setdomainname", name)


def prctl(option: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_prctl(option, *padded), "prctl", option, *arguments)


def reset_signals() -> None:
    """Give every signal its default action (sigaction(2)).

    By the raw call: the C library refuses the two it keeps for its threads, 32 and 33,
    and a parent without that library may have left them ignored.
    """
    default = ctypes.create_string_buffer(_SIGACTION_SIZE)  # SIG_DFL, no flags
    for number in {*range(1, _SIGNALS + 1)} - {signal.SIGKILL, signal.SIGSTOP}:
        result = raw_call(
            "rt_sigaction", number, ctypes.addressof(default), 0, _SIGNALS // 8
        )
        _checked(result, "rt_sigaction", number)


def set_name(name: str) -> None:
    """Set what ps shows as the command (proc(5), comm; at most fifteen bytes)."""
    fd = os.open("/proc/self/comm", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, os.fsencode(name)[:15])
    finally:
        os.close(fd)


def load_seccomp(program: bytes) -> None:
    """Install a filter: the bytes are an array of struct sock_filter."""
    fprog = _SockFprog(len(program) // 8, program)
    result = _prctl(22, 2, ctypes.addressof(fprog), 0, 0)
    _checked(result, "prctl", "PR_SET_SECCOMP", f"{len(program) // 8} instructions")


def capset(effective: int, permitted: int, inheritable: int) -> None:
    """Set this thread's capability sets; each is a mask of bits."""
    header = ctypes.create_string_buffer(
        struct.pack("=Ii", LINUX_CAPABILITY_VERSION_3, 0), 8
    )
    low = [mask & 0xFFFFFFFF for mask in (effective, permitted, inheritable)]
    high = [mask >> 32 for mask in (effective, permitted, inheritable)]
    data = ctypes.create_string_buffer(struct.pack("=6I", *low, *high), 24)
    result = raw_call("capset", ctypes.addressof(header), ctypes.addressof(data))
    _checked(result, "capset", hex(effective), hex(permitted), hex(inheritable))


def join_session_keyring(name: str) -> None:
    """Join or make a session keyring, so that the old one's keys are out of reach."""
    text = _buffer(name)
    _checked(raw_call("keyctl", 1, ctypes.addressof(text)), "keyctl", "join", name)


def bpf(command: int, attributes: bytes) -> int:
    """Call bpf(2) with the bytes of a union bpf_attr; its pointers are the caller's."""
    data = ctypes.create_string_buffer(attributes, len(attributes))
    result = raw_call("bpf", command, ctypes.addressof(data), len(attributes))
    return _checked(result, "bpf", command)


def inotify_init(flags: int) -> int:
    return _checked(_inotify_init1(flags), "inotify_init1", flags)


def inotify_add_watch(fd: int, path: str, mask: int) -> int:
    result = _inotify_add_watch(fd, encode(path), mask)
    return _checked(result, "inotify_add_watch", fd, path, mask)


def inotify_remove_watch(fd: int, watch: int) -> None:
    _checked(_inotify_rm_watch(fd, watch), "inotify_rm_watch", fd, watch)


def _buffer(text: str) -> "ctypes.Array[ctypes.c_char]":
    data = encode(text)
    assert data is not None
    return ctypes.create_string_buffer(data)


def share_one_heap() -> None:
    """Let all threads take their memory from one heap (mallopt(3), M_ARENA_MAX).

    glibc gives each thread one of its own, and what is free at the end of those
    ``return_freed_memory`` can't give back. To be called before there are threads.
    """
    if hasattr(_LIBRARY, "mallopt"):  # musl has neither the call nor many heaps
        _function("mallopt", c_int, c_int)(_M_ARENA_MAX, 1)


def return_freed_memory() -> None:
    """Give back to the kernel what this process has freed (malloc_trim(3)).

    By itself glibc keeps it, for the next who asks; other C libraries don't.
    """
    if hasattr(_LIBRARY, "malloc_trim"):
        _function("malloc_trim", c_size_t)(0)
