"""The spawner: a small single-threaded process that forks the shims.

fork(2) copies the page tables of the whole process: from a daemon of 100 MB it costs
9 ms and copies locks that other threads hold. From here it costs a third of a
millisecond, and everything a container needs is imported, the shapes of its documents
are known and the usual filter is compiled.

    daemon ---- {folder, io} + reply socket ----> spawner ---> shim ---> hand ---> init
       <------------------ {pid} on the reply socket -----------------------+

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
import resource
import signal
import socket
import sys
from _signal import signal as set_signal  # type: ignore[import-not-found]
from dataclasses import replace
from typing import NoReturn

from labkit.base.codec import prepare, same_name
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.kernel import libc
from labkit.kernel.calls import Kernel
from labkit.kernel.capabilities import bounding_set, last_capability, to_mask
from labkit.kernel.fdpass import receive_message
from labkit.kernel.flags import CloneFlag, MountFlag
from labkit.kernel.linux import LinuxKernel
from labkit.runtime.birth import Host
from labkit.runtime.bundle import prepare_bundles
from labkit.runtime.hand import Work, make
from labkit.runtime.model import AttachOptions, ExitRecord, IoOptions
from labkit.runtime.shim import Resting
from labkit.runtime.sleep import keep
from labkit.runtime.wire import encode_error

MOST_REQUEST_BYTES = 1 << 16
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
    prepare_bundles()
    for record in (IoOptions, AttachOptions, Resting, ExitRecord):
        prepare(record, same_name)
    # What is here now stays: kept out of collections it stays shared between all shims.
    gc.collect()
    gc.freeze()
    kernel = LinuxKernel()
    while spawn(kernel, requests, host):
        continue
    return 0


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


def spawn(kernel: Kernel, requests: socket.socket, host: Host) -> bool:
    """Take a request and make a shim, which reads it and answers for itself.

    By clone(2): ``os.fork`` runs in the child what modules have registered for that.
    Nothing else is done here: of each page that we write to, the shims so far get the
    old one for their own.
    """
    request, fds = receive_message(requests, MOST_REQUEST_BYTES)
    if not request:
        return False
    reply = socket.socket(fileno=fds[0])
    with reply:
        try:
            pid = kernel.clone(CloneFlag.NONE)
        except OSError as error:
            with contextlib.suppress(OSError):  # the daemon may be gone by now
                reply.sendall(encode_error(error))
            return True
        if pid == 0:
            os.close(requests.fileno())
            run_shim(kernel, host, request, reply)
    return True


def run_shim(
    kernel: Kernel, host: Host, request: bytes, reply: socket.socket
) -> NoReturn:
    """Be the shim of one container until it has ended."""

    def begin(work: Work) -> Resting | None:
        return make(work, json.loads(request), reply)

    code = 1
    try:
        os.setsid()
        libc.set_name("labkit-shim")
        # Not signal.signal, which has enums made: a page left alone stays shared.
        set_signal(int(signal.SIGCHLD), int(signal.SIG_DFL))
        code = keep(kernel, take_files(host), begin)
    finally:
        os._exit(code)


def take_files(host: Host) -> Host:
    """Take all the files that we may have; containers get what was the limit before.

    Each exec costs a shim six files while it runs: two hundred would be too many for
    the 1024 that many systems give.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return replace(host, file_limits=(soft, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
