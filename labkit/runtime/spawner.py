"""The spawner: a small single-threaded process that forks the shims.

fork(2) copies the page tables of the whole process: from a daemon of 100 MB it costs
9 ms and copies locks that other threads hold. From here it costs a third of a
millisecond, and everything a container needs is imported, its seccomp filter compiled.

    daemon ---- {folder, io} + reply socket ----> spawner ---fork---> shim ---> init
       <------------------ {pid} on the reply socket ------------------+

The spawner ends when the daemon's end of its socket is closed, however the daemon died.
Shims go on.

**The interpreter.** A process on its way into a container is still Python, and so is
the file behind its /proc/self/exe. A hostile image whose program is a link to that path
would execute our interpreter with the image's libraries and could then write to the
file (CVE-2019-5736). So the spawner starts from a read-only bind mount of the
interpreter in a mount namespace of its own, and then comes back without it: opened for
writing, the file is EROFS for anybody.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from labkit.base.clock import SystemClock
from labkit.base.codec import decode, same_name
from labkit.base.errors import LabError
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.cgroups.manager import open_manager
from labkit.kernel import libc
from labkit.kernel.capabilities import bounding_set, last_capability, to_mask
from labkit.kernel.fdpass import receive_message
from labkit.kernel.flags import CloneFlag, MountFlag
from labkit.kernel.linux import LinuxKernel
from labkit.runtime.birth import Host, Maker
from labkit.runtime.bundle import Bundle, read_bundle
from labkit.runtime.connection import Connection
from labkit.runtime.loop import Loop
from labkit.runtime.model import IoOptions, StartError
from labkit.runtime.shim import Shim
from labkit.runtime.wire import SOCKET_NAME, encode_error, listen

MOST_REQUEST_BYTES = 1 << 16
SHIM_LOG_NAME = "shim.log"
_PROTECTED = "--protected-from="


def main(arguments: list[str]) -> int:
    """Serve requests that come by the socket whose number is given."""
    fd, *others = arguments
    marks = [word for word in others if word.startswith(_PROTECTED)]
    if not marks:
        protect_interpreter(int(fd))
    return_home(int(marks[0].removeprefix(_PROTECTED)))
    libc.set_name("labkit-spawner")
    requests = socket.socket(fileno=int(fd))
    requests.set_inheritable(False)
    # Nobody waits for shims here: the kernel reaps them (sigaction(2), SA_NOCLDWAIT).
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-c is for the daemon to handle
    host = read_host()
    # What is here now stays: kept out of collections it stays shared between all shims.
    gc.collect()
    gc.freeze()
    while True:
        data, fds = receive_message(requests, MOST_REQUEST_BYTES)
        if not data:
            return 0
        reply = socket.socket(fileno=fds[0])
        with reply:
            spawn(requests, reply, json.loads(data), host)


def protect_interpreter(fd: int) -> NoReturn:
    """Start over from a read-only mount of the interpreter; see the module's text."""
    interpreter = os.path.realpath("/proc/self/exe")
    home = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    libc.unshare(CloneFlag.NEWNS)
    # Slaves: nothing of ours gets out.
    libc.mount(None, "/", None, MountFlag.SLAVE | MountFlag.REC, None)
    libc.mount(interpreter, interpreter, None, MountFlag.BIND, None)
    flags = MountFlag.BIND | MountFlag.REMOUNT | MountFlag.RDONLY
    libc.mount(None, interpreter, None, flags, None)
    for kept in (fd, home):
        os.set_inheritable(kept, True)
    command = [sys.orig_argv[0], *sys.orig_argv[1:], f"{_PROTECTED}{home}"]
    os.execv(interpreter, command)


def return_home(namespace: int) -> None:
    """Go back to where the host mounts; the interpreter stays what it was.

    What the host mounts later is there for every container, and what a container is to
    share with the host it can share. The mount that we run from goes on without a name.
    """
    with contextlib.suppress(PermissionError):  # in another's user namespace
        libc.setns(namespace, CloneFlag.NEWNS)
    os.close(namespace)


def read_host() -> Host:
    return Host(read_hierarchy(), to_mask(bounding_set()), last_capability())


def spawn(
    requests: socket.socket,
    reply: socket.socket,
    request: dict[str, object],
    host: Host,
) -> None:
    """Read the bundle and fork a shim for it; the shim answers for itself."""
    try:
        bundle = read_bundle(Path(str(request["folder"])))
        io = decode(IoOptions, request["io"], same_name, "io")
        pid = os.fork()
    except (LabError, OSError) as error:
        with contextlib.suppress(OSError):  # the daemon may be gone by now
            reply.sendall(encode_error(error))
        return
    if pid == 0:
        run_shim(requests, reply, bundle, io, host)


def run_shim(
    requests: socket.socket,
    reply: socket.socket,
    bundle: Bundle,
    io: IoOptions,
    host: Host,
) -> NoReturn:
    """Be the shim of one container until it has ended."""
    code = 1
    try:
        requests.close()
        _settle_in(bundle.folder)
        serve(reply, bundle, io, host)
        code = 0
    except BaseException as error:  # noqa: BLE001 - there is nobody above us
        sys.stderr.write(f"shim: {type(error).__name__}: {error}\n")
        with contextlib.suppress(OSError):
            reply.sendall(encode_error(error))
    finally:
        os._exit(code)


def serve(reply: socket.socket, bundle: Bundle, io: IoOptions, host: Host) -> None:
    """Make cgroup, socket and first process, undoing all if one of them fails."""
    with contextlib.ExitStack() as undo:
        cgroup = open_manager(host.hierarchy, bundle.cgroups_path)
        undo.callback(cgroup.delete)
        try:
            cgroup.create()
            if bundle.spec.linux.resources is not None:
                cgroup.set(bundle.spec.linux.resources)
        except LabError as error:
            raise StartError(str(error), 128) from error
        listener = listen(bundle.folder)
        undo.callback((bundle.folder / SOCKET_NAME).unlink, missing_ok=True)
        loop = Loop()
        maker = Maker(LinuxKernel(), bundle, cgroup, host)
        shim = Shim(loop, maker, listener, SystemClock())
        shim.create(io, Connection(loop, reply, shim.handle))
        undo.pop_all()
    loop.run()


def _settle_in(folder: Path) -> None:
    """Leave the daemon's session, its files and its folder."""
    os.setsid()
    libc.set_name("labkit-shim")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir("/")
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    log = os.open(folder / SHIM_LOG_NAME, flags, 0o600)
    for number, fd in enumerate((null, null, log)):
        os.dup2(fd, number, inheritable=True)
    os.close(null)
    os.close(log)
    # Unbuffered enough: errors are rare, and each is one line.
    sys.stderr.reconfigure(line_buffering=True)  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
