"""One daemon a data root: the lock, the pid file and the socket.

The lock is flock(2) on a file that stays. It belongs to the open file description, so
the kernel drops it when the daemon dies, however it dies; a pid file alone would
lie after a kill -9. The file is opened close-on-exec, so that children that outlive the
daemon don't keep the lock for it.
"""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from labkit.base.errors import (
    ConflictError,
    InternalError,
    InvalidInputError,
    os_reason,
)
from labkit.daemon.config import Config
from labkit.kernel.probe.host import SCRATCH_PREFIX

_LONGEST_SOCKET_PATH = 107  # sizeof(sockaddr_un.sun_path) without its NUL: unix(7)
_SOCKET_MODE = 0o660
_PROBE_SECONDS = 1.0


_SPECIAL_TO_OVERLAY = ":,\\"


def make_folders(config: Config) -> None:
    """Make the data root and what the daemon itself needs in it.

    Others may walk through to the socket, but look at nothing on the way.

    Raises:
        InvalidInputError: layers in such a folder could not be mounted.
        InternalError: it can't be made.
    """
    if any(character in str(config.data_root) for character in _SPECIAL_TO_OVERLAY):
        raise InvalidInputError(
            f"cannot use data root {str(config.data_root)!r}: a path of overlayfs has "
            "no colon, comma or backslash in it"
        )
    try:
        config.data_root.mkdir(mode=0o711, parents=True, exist_ok=True)
        config.run_folder.mkdir(mode=0o711, exist_ok=True)
        config.scratch_folder.mkdir(mode=0o700, exist_ok=True)
        config.socket.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"{error.filename!r}: {os_reason(error)}"
        raise InternalError(f"cannot make the data root: {what}") from error


def empty_scratch(config: Config) -> None:
    """Remove what an engine that was killed had half received; under the lock.

    And what it tried the machine with, if it was killed that early.
    """
    trials = config.data_root.glob(f"{SCRATCH_PREFIX}*")
    for leftover in (*config.scratch_folder.iterdir(), *trials):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink()


@contextlib.contextmanager
def single_instance(config: Config) -> Iterator[None]:
    """Hold the data root's lock and its pid file.

    Raises:
        ConflictError: another daemon has them.
        InternalError: nothing can be written in the data root.
    """
    lock = _open_lock(config)
    pid_file = config.run_folder / "daemon.pid"
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                f"an engine runs on data root {str(config.data_root)!r} already, "
                f"as process {_read_pid(pid_file)}"
            ) from error
        try:
            _write_pid(pid_file)
            yield
        finally:
            pid_file.unlink(missing_ok=True)
    finally:
        os.close(lock)


@contextlib.contextmanager
def open_listener(config: Config) -> Iterator[socket.socket]:
    """Bind the socket, owned by whom it is for; it is removed at the end.

    Raises:
        ConflictError: another program listens there, or something else is in the way.
    """
    path = config.socket
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        raise InvalidInputError(
            f"cannot listen on {str(path)!r}: a socket's path has at most "
            f"{_LONGEST_SOCKET_PATH} bytes"
        )
    _clear_the_way(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        # Bound without any permission: nobody gets in before the owner is set.
        before = os.umask(0o777)
        try:
            listener.bind(str(path))
        except OSError as error:
            why = os_reason(error)
            raise InternalError(f"cannot listen on {str(path)!r}: {why}") from error
        finally:
            os.umask(before)
        bound = path.stat().st_ino
        try:
            os.chown(path, config.owner.uid, config.owner.gid)
            path.chmod(_SOCKET_MODE)
            yield listener
        finally:
            _remove_socket(path, bound)


def _remove_socket(path: Path, inode: int) -> None:
    # Only ours: the path may have been taken over by somebody else meanwhile.
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_ino == inode:
            path.unlink()


def _clear_the_way(path: Path) -> None:
    """Remove the socket that a killed daemon left behind."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ConflictError(f"cannot listen on {str(path)!r}: it exists, as no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PROBE_SECONDS)
        found = probe.connect_ex(str(path))
    if found not in (errno.ECONNREFUSED, errno.ENOENT):
        raise ConflictError(
            f"cannot listen on {str(path)!r}: another program listens there"
        )
    path.unlink(missing_ok=True)


def _open_lock(config: Config) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(config.run_folder / "daemon.lock", flags, 0o600)
    except OSError as error:
        raise InternalError(f"cannot lock the data root: {error}") from error


def _write_pid(pid_file: Path) -> None:
    try:
        pid_file.write_text(f"{os.getpid()}\n")
    except OSError as error:
        raise InternalError(f"cannot write {str(pid_file)!r}: {error}") from error


def _read_pid(pid_file: Path) -> str:
    try:
        return pid_file.read_text().strip() or "unknown"
    except FileNotFoundError:
        return "unknown"
