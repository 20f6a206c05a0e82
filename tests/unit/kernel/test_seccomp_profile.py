"""Docker's default policy: the verdict on every call, by the compiled filter."""

import errno
from functools import cache

import pytest

from labkit.kernel import seccomp
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES, NAMES
from labkit.kernel.seccomp_profile import default_profile
from labkit.kernel.syscalls.tables import syscall_numbers
from tests.unit.kernel.bpf_machine import run_filter

EPERM = seccomp.ERRNO | errno.EPERM
ENOSYS = seccomp.ERRNO | errno.ENOSYS

# Everything that a container with default capabilities may not ask for, x86_64.
REFUSED = [
    "_sysctl",
    "acct",
    "add_key",
    "afs_syscall",
    "bpf",
    "clock_settime",
    "create_module",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "get_kernel_syms",
    "get_mempolicy",
    "getpmsg",
    "init_module",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "lsm_get_self_attr",
    "lsm_list_modules",
    "lsm_set_self_attr",
    "mbind",
    "migrate_pages",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "pidfd_getfd",
    "pivot_root",
    "process_madvise",
    "putpmsg",
    "query_module",
    "quotactl",
    "quotactl_fd",
    "reboot",
    "request_key",
    "security",
    "set_mempolicy",
    "set_mempolicy_home_node",
    "setdomainname",
    "sethostname",
    "setns",
    "settimeofday",
    "swapoff",
    "swapon",
    "sysfs",
    "syslog",
    "tuxcall",
    "umount2",
    "unshare",
    "uprobe",
    "uselib",
    "userfaultfd",
    "ustat",
    "vhangup",
    "vserver",
]
BEYOND = ["open_tree_attr", "file_getattr", "file_setattr"]  # newer than any named


@cache
def program(
    capabilities: tuple[str, ...] = DEFAULT_CAPABILITIES, arch: str = "x86_64"
) -> bytes:
    profile = default_profile(capabilities, "6.1", arch)
    return seccomp.compile_filter(profile, arch)


def answer(name: str, *arguments: int, capabilities: tuple[str, ...] = ()) -> int:
    wanted = (*DEFAULT_CAPABILITIES, *capabilities)
    number = syscall_numbers("x86_64")[name]
    return run_filter(program(wanted), number, arguments)[0]


def test_the_verdict_on_every_call() -> None:
    for name in syscall_numbers("x86_64"):
        if name in REFUSED:
            assert answer(name) == EPERM, name
        elif name in BEYOND or name == "clone3":
            assert answer(name) == ENOSYS, name
        else:
            assert answer(name) == seccomp.ALLOW, name


def test_clone_without_namespaces_only() -> None:
    fork, thread = 0x1200011, 0x3D0F00
    assert answer("clone", fork) == seccomp.ALLOW
    assert answer("clone", thread) == seccomp.ALLOW
    for bit in (17, 25, 26, 27, 28, 29, 30):
        assert answer("clone", fork | 1 << bit) == EPERM


def test_sockets_of_all_families_but_two() -> None:
    for family in (1, 2, 10, 16, 37, 39, 41, 45):
        assert answer("socket", family) == seccomp.ALLOW
    assert answer("socket", 38) == EPERM
    assert answer("socket", 40) == EPERM


def test_a_few_personalities() -> None:
    for value in (0, 8, 0x20000, 0x20008, 0xFFFFFFFF):
        assert answer("personality", value) == seccomp.ALLOW
    assert answer("personality", 0x40000) == EPERM


@pytest.mark.parametrize(
    ("capability", "names"),
    [
        ("CAP_SYS_ADMIN", "mount umount2 setns unshare clone clone3 bpf sethostname"),
        ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"),
        ("CAP_SYS_MODULE", "init_module finit_module delete_module"),
        ("CAP_SYS_TIME", "settimeofday clock_settime"),
        ("CAP_SYS_BOOT", "reboot"),
        ("CAP_SYS_NICE", "mbind set_mempolicy get_mempolicy"),
        ("CAP_SYS_RAWIO", "iopl ioperm"),
        ("CAP_SYS_PACCT", "acct"),
        ("CAP_SYS_TTY_CONFIG", "vhangup"),
        ("CAP_SYSLOG", "syslog"),
        ("CAP_BPF", "bpf"),
        ("CAP_PERFMON", "perf_event_open"),
        ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
    ],
)
def test_a_capability_opens_its_calls(capability: str, names: str) -> None:
    for name in names.split():
        flags = 0x10000000 if name == "clone" else 0
        assert answer(name, flags) != seccomp.ALLOW
        opened = answer(name, flags, capabilities=(capability,))
        assert opened == seccomp.ALLOW


def test_ptrace_needs_a_kernel_that_filters_tracers() -> None:
    old = default_profile(DEFAULT_CAPABILITIES, "4.7", "x86_64")
    number = syscall_numbers("x86_64")["ptrace"]
    compiled = seccomp.compile_filter(old, "x86_64")
    assert run_filter(compiled, number)[0] == EPERM
    assert answer("ptrace") == seccomp.ALLOW


def test_some_doors_stay_shut_with_all_capabilities() -> None:
    for name in ("keyctl", "add_key", "kexec_load", "userfaultfd", "io_uring_setup"):
        assert answer(name, capabilities=NAMES) == EPERM


def test_a_decision_takes_few_instructions() -> None:
    steps = [run_filter(program(), number)[1] for number in range(500)]
    assert max(steps) <= 32
    assert len(program()) // 8 < 256


def test_the_other_architecture() -> None:
    compiled = program(arch="aarch64")
    numbers = syscall_numbers("aarch64")
    arch = seccomp.AUDIT_ARCHES["aarch64"]
    assert run_filter(compiled, numbers["openat"], arch=arch)[0] == seccomp.ALLOW
    assert run_filter(compiled, numbers["mount"], arch=arch)[0] == EPERM
