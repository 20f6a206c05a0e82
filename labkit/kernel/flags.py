"""The kernel's bits and numbers under their own names.

Values from the headers linux/sched.h, linux/mount.h, linux/prctl.h and linux/openat2.h:
they are part of the kernel's stable interface and the same on every architecture.
"""

import enum

PROC_SUPER_MAGIC = 0x9FA0  # statfs(2), f_type


class CloneFlag(enum.IntFlag):
    """clone(2), unshare(2), setns(2): one bit a kind of namespace.

    The first two are of another kind. FILES: parent and child have one table of open
    files. PARENT: the new process is no child of ours, but of our parent.
    """

    NONE = 0
    FILES = 0x00000400
    PARENT = 0x00008000
    NEWNS = 0x00020000
    NEWCGROUP = 0x02000000
    NEWUTS = 0x04000000
    NEWIPC = 0x08000000
    NEWUSER = 0x10000000
    NEWPID = 0x20000000
    NEWNET = 0x40000000


class MountFlag(enum.IntFlag):
    """mount(2), mountflags."""

    NONE = 0
    RDONLY = 1
    NOSUID = 1 << 1
    NODEV = 1 << 2
    NOEXEC = 1 << 3
    SYNCHRONOUS = 1 << 4
    REMOUNT = 1 << 5
    MANDLOCK = 1 << 6
    DIRSYNC = 1 << 7
    NOSYMFOLLOW = 1 << 8
    NOATIME = 1 << 10
    NODIRATIME = 1 << 11
    BIND = 1 << 12
    MOVE = 1 << 13
    REC = 1 << 14
    SILENT = 1 << 15
    UNBINDABLE = 1 << 17
    PRIVATE = 1 << 18
    SLAVE = 1 << 19
    SHARED = 1 << 20
    RELATIME = 1 << 21
    STRICTATIME = 1 << 24
    LAZYTIME = 1 << 25


class UnmountFlag(enum.IntFlag):
    """umount2(2)."""

    NONE = 0
    FORCE = 1
    DETACH = 2
    EXPIRE = 4
    NOFOLLOW = 8


class MountAttribute(enum.IntFlag):
    """mount_setattr(2), attr_set: the bits that have a recursive form."""

    NONE = 0
    RDONLY = 0x01
    NOSUID = 0x02
    NODEV = 0x04
    NOEXEC = 0x08
    NOSYMFOLLOW = 0x00200000


class TreeFlag(enum.IntFlag):
    """open_tree(2), flags."""

    NONE = 0
    CLONE = 0x01
    RECURSIVE = 0x8000
    CLOEXEC = 0x80000


class Resolve(enum.IntFlag):
    """openat2(2), how->resolve."""

    NONE = 0
    NO_XDEV = 0x01
    NO_MAGICLINKS = 0x02
    NO_SYMLINKS = 0x04
    BENEATH = 0x08
    IN_ROOT = 0x10


class Prctl(enum.IntEnum):
    """prctl(2), option."""

    SET_PDEATHSIG = 1
    SET_DUMPABLE = 4
    SET_KEEPCAPS = 8
    SET_NAME = 15
    SET_SECCOMP = 22
    CAPBSET_READ = 23
    CAPBSET_DROP = 24
    SET_CHILD_SUBREAPER = 36
    SET_NO_NEW_PRIVS = 38
    CAP_AMBIENT = 47


class Ambient(enum.IntEnum):
    """PR_CAP_AMBIENT's second argument."""

    IS_SET = 1
    RAISE = 2
    LOWER = 3
    CLEAR_ALL = 4


SECCOMP_MODE_FILTER = 2
KEYCTL_JOIN_SESSION_KEYRING = 1
CLOSE_RANGE_CLOEXEC = 4
AT_EMPTY_PATH = 0x1000
AT_RECURSIVE = 0x8000
LINUX_CAPABILITY_VERSION_3 = 0x20080522

# asm-generic/ioctls.h: what Python's termios module does not name
TIOCGPTN = 0x80045430
TIOCSPTLCK = 0x40045431
TIOCGPTPEER = 0x5441
