"""The kernel's twin that only writes down: for tests and for lessons.

It keeps so much of the world as the set-up looks at: which paths there are, which files
are open, what is mounted and whether mounts would reach the host. Told to, it fails the
nth call, so that a test can try every way in which a set-up can break:

    for n in itertools.count():
        kernel = RecordingKernel(fail_at=n)
        try:
            set_up(kernel)
        except OSError:
            assert kernel.open_files == {} and kernel.leaked == []
        else:
            break
"""

import errno
import posixpath
from collections.abc import Collection
from dataclasses import dataclass

from labkit.base.paths import clean_path
from labkit.kernel.flags import (
    PROC_SUPER_MAGIC,
    CloneFlag,
    MountAttribute,
    MountFlag,
    Resolve,
    UnmountFlag,
)
from labkit.kernel.libc import kernel_error, show_operand

_FOLDERS = ("/", "/bin", "/dev", "/etc", "/proc", "/sys")
_PROPAGATION = MountFlag.PRIVATE | MountFlag.SLAVE | MountFlag.SHARED
_FIRST_FD = 100
_CHILD_PID = 4711


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was made."""

    name: str
    operands: tuple[object, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(show_operand, self.operands))})"


class RecordingKernel:
    """``calls.Kernel`` without a kernel."""

    def __init__(
        self,
        fail_at: int | None = None,
        folders: Collection[str] = _FOLDERS,
        programs: Collection[str] = (),
    ) -> None:
        self._fail_at = fail_at
        self._next_fd = _FIRST_FD
        self._folder = "/"
        self.folders = set(folders)
        self.files = set(programs)
        self.programs = set(programs)
        self.calls: list[Call] = []
        self.open_files: dict[int, str] = {}
        self.mounted: list[str] = []
        self.leaked: list[str] = []  # mounts that would be seen on the host
        self.own_mounts = False
        self.executed: str | None = None

    @property
    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def clone(self, flags: CloneFlag) -> int:
        self._record("clone", flags)
        return _CHILD_PID

    def unshare(self, flags: CloneFlag) -> None:
        self._record("unshare", flags)

    def setns(self, fd: int, flags: CloneFlag) -> None:
        self._record("setns", fd, flags)

    def sethostname(self, name: str) -> None:
        self._record("sethostname", name)

    def setdomainname(self, name: str) -> None:
        self._record("setdomainname", name)

    def mount(
        self,
        source: str | None,
        target: str,
        filesystem: str | None = None,
        flags: MountFlag = MountFlag.NONE,
        data: str | None = None,
    ) -> None:
        self._record("mount", source, target, filesystem, flags, data)
        if flags & _PROPAGATION:
            self.own_mounts = self.own_mounts or target == "/"
        elif not flags & MountFlag.REMOUNT:
            name = self._name(target)
            self.mounted.append(name)
            if not self.own_mounts:
                self.leaked.append(name)

    def umount(self, target: str, flags: UnmountFlag) -> None:
        self._record("umount", target, flags)
        if target in self.mounted:
            self.mounted.remove(target)

    def pivot_root(self, new_root: str, put_old: str) -> None:
        self._record("pivot_root", new_root, put_old)

    def mount_setattr(self, path: str, attributes: MountAttribute) -> None:
        self._record("mount_setattr", path, attributes)

    def copy_mount(self, namespace: str, path: str) -> int:
        self._record("copy_mount", namespace, path)
        return self._open(path)

    def copy_tree(self, path: str) -> int:
        self._record("copy_tree", path)
        return self._open(path)

    def attach_mount(self, mount: int, target: int) -> None:
        self._record("attach_mount", mount, target)
        self.mounted.append(self.open_files[target])

    def open_folder(self, path: str) -> int:
        self._record("open_folder", path)
        # A container's root counts as "/" from now on: paths inside are looked up so.
        return self._open("/")

    def open_inside(
        self, root: int, path: str, flags: int = 0, resolve: Resolve = Resolve.NONE
    ) -> int:
        self._record("open_inside", root, path, flags, resolve)
        name = clean_path(path)
        if name not in self.folders | self.files:
            raise kernel_error(errno.ENOENT, "openat2", root, path)
        return self._open(name)

    def close(self, fd: int) -> None:
        # Not recorded as a call that can fail: close(2) always frees the number.
        del self.open_files[fd]

    def chdir(self, path: str) -> None:
        self._record("chdir", path)
        self._folder = path

    def is_folder(self, path: str) -> bool:
        return path in self.folders

    def exists(self, path: str) -> bool:
        return path in self.folders | self.files

    def mode_of(self, fd: int) -> int:
        return 0o755

    def filesystem_of(self, fd: int) -> int:
        path = self.open_files[fd]
        on_proc = path == "/proc" or path.startswith("/proc/")
        return PROC_SUPER_MAGIC if on_proc and "/proc" in self.mounted else 0

    def is_executable(self, path: str) -> bool:
        return path in self.programs

    def working_folder(self) -> str:
        self._record("working_folder")
        return self._folder

    def read_link(self, folder: int, name: str) -> str:
        self._record("read_link", folder, name)
        raise kernel_error(errno.EINVAL, "readlinkat", folder, name)

    def make_folder(
        self, path: str, mode: int = 0o755, folder: int | None = None
    ) -> None:
        self._record("make_folder", path, mode, folder)
        self.folders.add(self._join(folder, path))

    def make_file(self, name: str, mode: int, folder: int | None = None) -> None:
        self._record("make_file", name, mode, folder)
        self.files.add(self._join(folder, name))

    def make_node(
        self, path: str, mode: int, device: int, folder: int | None = None
    ) -> None:
        self._record("make_node", path, oct(mode), device, folder)
        self.files.add(self._join(folder, path))

    def make_symlink(self, target: str, path: str, folder: int | None = None) -> None:
        self._record("make_symlink", target, path, folder)

    def chown(self, path: str, uid: int, gid: int) -> None:
        self._record("chown", path, uid, gid)

    def write_file(self, path: str, text: str) -> None:
        self._record("write_file", path, text)

    def set_umask(self, mask: int) -> None:
        self._record("set_umask", oct(mask))

    def set_user(self, uid: int, gid: int, groups: tuple[int, ...]) -> None:
        self._record("set_user", uid, gid, groups)

    def set_keep_capabilities(self, keep: bool) -> None:
        self._record("set_keep_capabilities", keep)

    def drop_bounding(self, capability: int) -> None:
        self._record("drop_bounding", capability)

    def set_capabilities(
        self, effective: int, permitted: int, inheritable: int
    ) -> None:
        masks = (hex(effective), hex(permitted), hex(inheritable))
        self._record("set_capabilities", *masks)

    def clear_ambient(self) -> None:
        self._record("clear_ambient")

    def raise_ambient(self, capability: int) -> None:
        self._record("raise_ambient", capability)

    def set_no_new_privileges(self) -> None:
        self._record("set_no_new_privileges")

    def load_seccomp(self, program: bytes) -> None:
        self._record("load_seccomp", len(program))

    def set_dumpable(self, dumpable: bool) -> None:
        self._record("set_dumpable", dumpable)

    def set_death_signal(self, signal: int) -> None:
        self._record("set_death_signal", int(signal))

    def set_rlimit(self, resource: int, soft: int, hard: int) -> None:
        self._record("set_rlimit", resource, soft, hard)

    def join_session_keyring(self, name: str) -> None:
        self._record("join_session_keyring", name)

    def keep_only(self, fds: tuple[int, ...]) -> None:
        self._record("keep_only", fds)

    def new_session(self) -> None:
        self._record("new_session")

    def open_terminal(self, height: int, width: int) -> tuple[int, int, str]:
        self._record("open_terminal", height, width)
        return self._open("/dev/ptmx"), self._open("/dev/pts/0"), "/dev/pts/0"

    def take_terminal(self, slave: int) -> None:
        self._record("take_terminal", slave)
        self.close(slave)

    def own_stream(self, fd: int, uid: int) -> None:
        self._record("own_stream", fd, uid)

    def execute(
        self, path: str, arguments: tuple[str, ...], environment: dict[str, str]
    ) -> None:
        self._record("execute", path, arguments)
        self.executed = path

    def _record(self, name: str, *operands: object) -> None:
        if len(self.calls) == self._fail_at:
            raise kernel_error(errno.EIO, name, *operands)
        self.calls.append(Call(name, operands))

    def _open(self, name: str) -> int:
        fd = self._next_fd
        self._next_fd += 1
        self.open_files[fd] = name
        return fd

    def _name(self, path: str) -> str:
        """Spell /proc/self/fd/N as the file that it stands for."""
        head, _, tail = path.rpartition("/")
        if head == "/proc/self/fd":
            return self.open_files[int(tail)]
        return path

    def _join(self, folder: int | None, name: str) -> str:
        base = "/" if folder is None else self.open_files[folder]
        return posixpath.join(base, name)
