"""How a container's processes are made: which namespaces, and by which call."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labkit.base.errors import UnavailableError
from labkit.cgroups.hierarchy import Hierarchy
from labkit.cgroups.manager import open_manager
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import CloneFlag
from labkit.kernel.namespaces import namespace_flag
from labkit.runtime.bundle import Bundle
from labkit.runtime.child import run_exec, run_init
from labkit.runtime.handshake import Channel
from labkit.runtime.model import IoOptions
from labkit.runtime.ports import Cgroup
from labkit.runtime.process import Birth, Streams
from labkit.runtime.steps.context import Context
from labkit.spec.runtime import Process, Spec


@dataclass(frozen=True, slots=True)
class Host:
    """What children need to know of the machine; read once, before there are any."""

    hierarchy: Hierarchy
    bounding: int
    last_capability: int
    file_limits: tuple[int, int] | None = None
    """What containers get of RLIMIT_NOFILE, if the shim itself took more."""


@dataclass(frozen=True, slots=True)
class Home:
    """A container as its shim needs to know it, once it is made.

    ``seccomp`` is the compiled filter in hexadecimal: this record is written down.
    """

    folder: str
    cgroups_path: str
    io: IoOptions
    terminal: bool = False
    has_own_pids: bool = True
    seccomp: str | None = None


def home_of(bundle: Bundle, io: IoOptions) -> Home:
    spec = bundle.spec
    return Home(
        folder=str(bundle.folder),
        cgroups_path=bundle.cgroups_path,
        io=io,
        terminal=spec.process.terminal,
        has_own_pids=any(
            entry.type == "pid" and entry.path is None
            for entry in spec.linux.namespaces
        ),
        seccomp=None if bundle.seccomp is None else bundle.seccomp.hex(),
    )


class Maker:
    """Clones init and further processes of one container.

    They are the shim's children, not ours: the hand that makes them may be gone when
    they end (clone(2), CLONE_PARENT).
    """

    def __init__(self, kernel: Kernel, host: Host, home: Home) -> None:
        self._kernel = kernel
        self._host = host
        self.home = home

    @property
    def cgroup(self) -> Cgroup:
        """Return a manager; it holds nothing, and is made when it is needed."""
        return open_manager(self._host.hierarchy, self.home.cgroups_path)

    def init(self, spec: Spec) -> Birth:
        """Return the birth of the first process, in its new namespaces."""

        def birth(channel: Channel, streams: Streams) -> int:
            with self._pid_namespace(_joined_pid_namespace(spec)):
                pid = self._kernel.clone(new_namespaces(spec) | CloneFlag.PARENT)
                if pid == 0:
                    context = self._context(spec, spec.process, channel)
                    run_init(self._kernel, context, self.cgroup, streams)
            return pid

        return birth

    def exec(self, process: Process, pidfd: int) -> Birth:
        """Return the birth of a further process beside the one of ``pidfd``."""

        def birth(channel: Channel, streams: Streams) -> int:
            try:
                with self._pid_namespace(pidfd):
                    pid = self._kernel.clone(CloneFlag.PARENT)
                    if pid == 0:
                        # Of the bundle, who joins needs nothing but himself.
                        context = self._context(Spec(process), process, channel)
                        run_exec(self._kernel, context, self.cgroup, streams, pidfd)
            except (ProcessLookupError, MemoryError, OSError) as error:
                # ENOMEM: the namespace's init is dead, nothing is born there any more.
                text = f"cannot exec in a container that is ending: {error}"
                raise UnavailableError(text) from error
            return pid

        return birth

    def _context(self, spec: Spec, process: Process, channel: Channel) -> Context:
        program = self.home.seccomp
        return Context(
            spec=spec,
            process=process,
            folder=self.home.folder,
            cgroups_path=self.home.cgroups_path,
            hierarchy=self._host.hierarchy,
            channel=channel,
            bounding=self._host.bounding,
            last_capability=self._host.last_capability,
            file_limits=self._host.file_limits,
            seccomp=None if program is None else bytes.fromhex(program),
        )

    @contextmanager
    def _pid_namespace(self, joined: int | str | None) -> Iterator[None]:
        """Let children be born in another pid namespace for a while.

        setns(2) with a pid namespace moves not the caller but its next children; our
        own namespace is the way back.
        """
        if joined is None:
            yield
            return
        fd = joined
        if isinstance(joined, str):
            fd = os.open(joined, os.O_RDONLY | os.O_CLOEXEC)
        assert isinstance(fd, int)
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._kernel.setns(fd, CloneFlag.NEWPID)
            yield
        finally:
            self._kernel.setns(own, CloneFlag.NEWPID)
            os.close(own)
            if isinstance(joined, str):
                os.close(fd)


def new_namespaces(spec: Spec) -> CloneFlag:
    """Return what clone(2) makes: all but the cgroup namespace, whose root is where
    its maker is, so that it has to wait until init has joined its cgroup."""
    flags = CloneFlag.NONE
    for namespace in spec.linux.namespaces:
        if namespace.path is None and namespace.type != "cgroup":
            flags |= namespace_flag(namespace.type)
    return flags


def _joined_pid_namespace(spec: Spec) -> str | None:
    for namespace in spec.linux.namespaces:
        if namespace.type == "pid":
            return namespace.path
    return None
