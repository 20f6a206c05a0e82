"""The kernel itself: every call of the protocol made for real.

Plain files go through ``os``; what Python lacks goes through ``libc``. Both raise
``OSError``, and the caller says what it was doing.
"""

import fcntl
import os
import resource as limits
import signal
import stat
import struct
import termios
from signal import SIGCHLD

from labkit.kernel import libc
from labkit.kernel.flags import (
    TIOCGPTN,
    TIOCGPTPEER,
    TIOCSPTLCK,
    Ambient,
    CloneFlag,
    MountAttribute,
    MountFlag,
    Prctl,
    Resolve,
    TreeFlag,
    UnmountFlag,
)

_LAST_FD = 0xFFFFFFFF


class LinuxKernel:
    """``calls.Kernel`` on the running machine."""

    def clone(self, flags: CloneFlag) -> int:
        # Numbers: to combine two enums runs much of Python's enum, in each new shim.
        return libc.clone(int(flags) | int(SIGCHLD))

    def unshare(self, flags: CloneFlag) -> None:
        libc.unshare(flags)

    def setns(self, fd: int, flags: CloneFlag) -> None:
        libc.setns(fd, flags)

    def sethostname(self, name: str) -> None:
        libc.sethostname(name)

    def setdomainname(self, name: str) -> None:
        libc.setdomainname(name)

    def mount(
        self,
        source: str | None,
        target: str,
        filesystem: str | None = None,
        flags: MountFlag = MountFlag.NONE,
        data: str | None = None,
    ) -> None:
        libc.mount(source, target, filesystem, flags, data)

    def umount(self, target: str, flags: UnmountFlag) -> None:
        libc.umount(target, flags)

    def pivot_root(self, new_root: str, put_old: str) -> None:
        libc.pivot_root(new_root, put_old)

    def mount_setattr(self, path: str, attributes: MountAttribute) -> None:
        libc.mount_setattr(path, True, attributes)

    def copy_mount(self, namespace: str, path: str) -> int:
        # A bind across mount namespaces is refused (mount(2), EINVAL): go there, take a
        # copy along, come back. Only a process with a single thread may do that.
        flags = os.O_RDONLY | os.O_CLOEXEC
        home = os.open("/proc/self/ns/mnt", flags)
        try:
            there = os.open(namespace, flags)
            try:
                libc.setns(there, CloneFlag.NEWNS)
            finally:
                os.close(there)
            try:
                return libc.open_tree(path, TreeFlag.CLONE | TreeFlag.CLOEXEC)
            finally:
                libc.setns(home, CloneFlag.NEWNS)
        finally:
            os.close(home)

    def copy_tree(self, path: str) -> int:
        flags = TreeFlag.CLONE | TreeFlag.CLOEXEC | TreeFlag.RECURSIVE
        return libc.open_tree(path, flags)

    def attach_mount(self, mount: int, target: int) -> None:
        libc.move_mount(mount, target)

    def open_folder(self, path: str) -> int:
        return os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def open_inside(
        self, root: int, path: str, flags: int = 0, resolve: Resolve = Resolve.NONE
    ) -> int:
        # Magic links (/proc/PID/root, /proc/PID/fd/N) lead anywhere: never followed.
        how = resolve | Resolve.IN_ROOT | Resolve.NO_MAGICLINKS
        return libc.openat2(root, path, (flags or os.O_PATH) | os.O_CLOEXEC, 0, how)

    def close(self, fd: int) -> None:
        os.close(fd)

    def chdir(self, path: str) -> None:
        os.chdir(path)

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def mode_of(self, fd: int) -> int:
        return stat.S_IMODE(os.fstat(fd).st_mode)

    def filesystem_of(self, fd: int) -> int:
        return libc.filesystem_of(fd)

    def is_executable(self, path: str) -> bool:
        # access(2) would ask for the real user; the effective one is what counts.
        return os.path.isfile(path) and os.access(path, os.X_OK, effective_ids=True)

    def working_folder(self) -> str:
        return os.getcwd()

    def read_link(self, folder: int, name: str) -> str:
        return os.readlink(name, dir_fd=folder)

    def make_folder(
        self, path: str, mode: int = 0o755, folder: int | None = None
    ) -> None:
        os.mkdir(path, mode, dir_fd=folder)

    def make_file(self, name: str, mode: int, folder: int | None = None) -> None:
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        os.close(os.open(name, flags, mode, dir_fd=folder))

    def make_node(
        self, path: str, mode: int, device: int, folder: int | None = None
    ) -> None:
        os.mknod(path, mode, device, dir_fd=folder)

    def make_symlink(self, target: str, path: str, folder: int | None = None) -> None:
        os.symlink(target, path, dir_fd=folder)

    def chown(self, path: str, uid: int, gid: int) -> None:
        os.chown(path, uid, gid)

    def write_file(self, path: str, text: str) -> None:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)

    def set_umask(self, mask: int) -> None:
        os.umask(mask)

    def set_user(self, uid: int, gid: int, groups: tuple[int, ...]) -> None:
        os.setgroups(groups)
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)

    def set_keep_capabilities(self, keep: bool) -> None:
        libc.prctl(Prctl.SET_KEEPCAPS, int(keep))

    def drop_bounding(self, capability: int) -> None:
        libc.prctl(Prctl.CAPBSET_DROP, capability)

    def set_capabilities(
        self, effective: int, permitted: int, inheritable: int
    ) -> None:
        libc.capset(effective, permitted, inheritable)

    def clear_ambient(self) -> None:
        libc.prctl(Prctl.CAP_AMBIENT, Ambient.CLEAR_ALL)

    def raise_ambient(self, capability: int) -> None:
        libc.prctl(Prctl.CAP_AMBIENT, Ambient.RAISE, capability)

    def set_no_new_privileges(self) -> None:
        libc.prctl(Prctl.SET_NO_NEW_PRIVS, 1)

    def load_seccomp(self, program: bytes) -> None:
        libc.load_seccomp(program)

    def set_dumpable(self, dumpable: bool) -> None:
        libc.prctl(Prctl.SET_DUMPABLE, int(dumpable))

    def set_death_signal(self, signal: int) -> None:
        libc.prctl(Prctl.SET_PDEATHSIG, signal)

    def set_rlimit(self, resource: int, soft: int, hard: int) -> None:
        limits.setrlimit(resource, (soft, hard))

    def join_session_keyring(self, name: str) -> None:
        libc.join_session_keyring(name)

    def new_session(self) -> None:
        os.setsid()

    def keep_only(self, fds: tuple[int, ...]) -> None:
        first = 3
        for fd in sorted(fds):
            if fd > first:
                libc.close_range(first, fd - 1, 0)
            first = fd + 1
        libc.close_range(first, _LAST_FD, 0)

    def open_terminal(self, height: int, width: int) -> tuple[int, int, str]:
        master = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        fcntl.ioctl(master, TIOCSPTLCK, struct.pack("i", 0))
        (number,) = struct.unpack("i", fcntl.ioctl(master, TIOCGPTN, bytes(4)))
        # By the master and not by its name, which the container could have replaced.
        flags = os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC
        slave = fcntl.ioctl(master, TIOCGPTPEER, flags)
        if height and width:
            termios.tcsetwinsize(master, (height, width))
        return master, slave, f"/dev/pts/{number}"

    def take_terminal(self, slave: int) -> None:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd, inheritable=True)
        os.close(slave)

    def own_stream(self, fd: int, uid: int) -> None:
        found = os.fstat(fd)
        if found.st_uid == uid or found.st_rdev == os.makedev(1, 3):
            return  # it is so already, or it is /dev/null, which belongs to all
        os.fchown(fd, uid, -1)

    def execute(
        self, path: str, arguments: tuple[str, ...], environment: dict[str, str]
    ) -> None:
        libc.reset_signals()
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execve(path, arguments, environment)
