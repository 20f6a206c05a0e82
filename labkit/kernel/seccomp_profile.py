"""Docker's default policy: what every container may ask of the kernel.

An allow list, after the public profile of the moby project (2026): what it does not
name is refused with EPERM, so that a call which the kernel learns tomorrow is shut
until somebody has looked at it. Left out are, above all, the doors to other parts of
the machine: mounting, namespaces, modules, clocks, keys (``keyctl`` knows no
namespaces), ``bpf``, ``io_uring`` (out since Docker 25), ``userfaultfd``. Many of them
open again with the capability that the kernel asks for anyway.

Names of 32-bit programs are not here: our filter lets no other architecture in.
"""

import errno
from collections.abc import Collection

from labkit.kernel.seccomp_policy import (
    Condition,
    Profile,
    ProfileRule,
    describe_situation,
    load_profile,
    select,
)
from labkit.spec.runtime import Seccomp, SeccompArgument

__all__ = ["DEFAULT_PROFILE", "default_profile", "load_profile"]

_ALLOW = "SCMP_ACT_ALLOW"
_ERRNO = "SCMP_ACT_ERRNO"

_FILES = """
    access cachestat chdir chmod chown close close_range copy_file_range creat dup dup2
    dup3 faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat
    fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr
    fsetxattr fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64
    getxattr getxattrat ioctl lchown lgetxattr link linkat listmount listxattr
    listxattrat llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod
    mknodat name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2
    pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv removexattr
    removexattrat rename renameat renameat2 rmdir sendfile setxattr setxattrat splice
    stat statfs statmount statx symlink symlinkat sync sync_file_range syncfs tee
    truncate umask unlink unlinkat utime utimensat utimes vmsplice write writev
"""
_WAITING = """
    epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2
    epoll_wait epoll_wait_old eventfd eventfd2 inotify_add_watch inotify_init
    inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
    io_setup io_submit pipe pipe2 poll ppoll pselect6 select signalfd signalfd4
"""
_MEMORY = """
    brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock
    mlock2 mlockall mmap mprotect mremap mseal msync munlock munlockall munmap
    pkey_alloc pkey_free pkey_mprotect remap_file_pages
"""
_PROCESSES = """
    capget capset execve execveat exit exit_group fork futex futex_requeue futex_wait
    futex_waitv futex_wake get_robust_list get_thread_area getcpu getegid geteuid getgid
    getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
    getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set kill
    landlock_add_rule landlock_create_ruleset landlock_restrict_self pause pidfd_open
    pidfd_send_signal prctl prlimit64 process_mrelease restart_syscall rseq rt_sigaction
    rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
    rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
    sched_getaffinity sched_getattr sched_getparam sched_getscheduler
    sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler sched_yield seccomp set_robust_list set_thread_area
    set_tid_address setfsgid setfsuid setgid setgroups setpgid setpriority setregid
    setresgid setresuid setreuid setrlimit setsid setuid sigaltstack sysinfo tgkill
    tkill uname uretprobe vfork wait4 waitid
"""
_TIME = """
    adjtimex alarm clock_adjtime clock_getres clock_gettime clock_nanosleep getitimer
    gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun
    timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times
"""
_TALKING = """
    accept accept4 bind connect getpeername getsockname getsockopt listen mq_getsetattr
    mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
    recvfrom recvmmsg recvmsg semctl semget semop semtimedop sendmmsg sendmsg sendto
    setsockopt shmat shmctl shmdt shmget shutdown socketpair
"""

# Capability -> calls that it opens.
_WITH_CAPABILITY = {
    "CAP_BPF": "bpf",
    "CAP_DAC_READ_SEARCH": "open_by_handle_at",
    "CAP_PERFMON": "perf_event_open",
    "CAP_SYSLOG": "syslog",
    "CAP_SYS_ADMIN": """
        bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie
        lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr
        move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname
        sethostname setns syslog umount umount2 unshare
    """,
    "CAP_SYS_BOOT": "reboot",
    "CAP_SYS_CHROOT": "chroot",
    "CAP_SYS_MODULE": "delete_module init_module finit_module",
    "CAP_SYS_NICE": "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
    "CAP_SYS_PACCT": "acct",
    "CAP_SYS_PTRACE": """
        kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace
    """,
    "CAP_SYS_RAWIO": "iopl ioperm",
    "CAP_SYS_TIME": "settimeofday stime clock_settime",
    "CAP_SYS_TTY_CONFIG": "vhangup",
}

# All CLONE_NEW* flags but NEWTIME, whose bit clone(2) uses for a signal number.
_NAMESPACE_FLAGS = 0x7E02_0000
_AF_ALG, _AF_VSOCK = 38, 40
# personality(2): plain, 16-bit uname, no address randomisation, both; and "just ask".
_PERSONALITIES = (0x0, 0x0008, 0x20000, 0x20008, 0xFFFF_FFFF)


def default_profile(
    capabilities: Collection[str],
    kernel_version: str | None = None,
    arch: str | None = None,
) -> Seccomp:
    """Return Docker's policy for a container that has these capabilities."""
    situation = describe_situation(capabilities, kernel_version, arch)
    return select(DEFAULT_PROFILE, situation)


def _allow(
    names: str,
    *arguments: SeccompArgument,
    includes: Condition | None = None,
    excludes: Condition | None = None,
) -> ProfileRule:
    return ProfileRule(
        action=_ALLOW,
        names=tuple(names.split()),
        args=arguments,
        includes=includes or Condition(),
        excludes=excludes or Condition(),
    )


def _rules() -> tuple[ProfileRule, ...]:
    admin = Condition(caps=("CAP_SYS_ADMIN",))
    everybody = _FILES + _WAITING + _MEMORY + _PROCESSES + _TIME + _TALKING
    namespaces = SeccompArgument(0, _NAMESPACE_FLAGS, "SCMP_CMP_MASKED_EQ", 0)
    return (
        _allow(everybody),
        # Before 4.8 a tracer could lead a program around its filter.
        _allow(
            "process_vm_readv process_vm_writev ptrace",
            includes=Condition(min_kernel="4.8"),
        ),
        # Sockets of all families but the kernel's cryptography (AF_ALG) and the way
        # out to a hypervisor (AF_VSOCK), which knows no network namespaces.
        _allow("socket", SeccompArgument(0, _AF_ALG, "SCMP_CMP_LT")),
        _allow("socket", SeccompArgument(0, _AF_ALG + 1, "SCMP_CMP_EQ")),
        _allow("socket", SeccompArgument(0, _AF_VSOCK, "SCMP_CMP_GT")),
        *(
            _allow("personality", SeccompArgument(0, value, "SCMP_CMP_EQ"))
            for value in _PERSONALITIES
        ),
        _allow("arch_prctl modify_ldt", includes=Condition(arches=("amd64",))),
        _allow("clone", namespaces, excludes=admin),
        # clone3's flags lie in memory, where a filter can't look: ENOSYS makes the C
        # library fall back to clone, whose flags are seen.
        ProfileRule(_ERRNO, ("clone3",), errno_ret=errno.ENOSYS, excludes=admin),
        *(
            _allow(names, includes=Condition(caps=(capability,)))
            for capability, names in _WITH_CAPABILITY.items()
        ),
    )


DEFAULT_PROFILE = Profile(
    default_action=_ERRNO, default_errno_ret=errno.EPERM, syscalls=_rules()
)
