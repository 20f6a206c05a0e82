"""How the shim makes its children: which namespaces, and by which call."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labkit.base.errors import UnavailableError
from labkit.cgroups.hierarchy import Hierarchy
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import CloneFlag
from labkit.kernel.namespaces import namespace_flag
from labkit.runtime.bundle import Bundle
from labkit.runtime.child import run_exec, run_init
from labkit.runtime.handshake import Channel
from labkit.runtime.ports import Cgroup
from labkit.runtime.process import Birth, Streams
from labkit.runtime.steps.context import Context
from labkit.spec.runtime import Process


@dataclass(frozen=True, slots=True)
class Host:
    """What children need to know of the machine; read once, before there are any."""

    hierarchy: Hierarchy
    bounding: int
    last_capability: int


class Maker:
    """Clones init and further processes of one container."""

    def __init__(
        self, kernel: Kernel, bundle: Bundle, cgroup: Cgroup, host: Host
    ) -> None:
        self._kernel = kernel
        self.bundle = bundle
        self.cgroup = cgroup
        self._host = host

    def init(self, channel: Channel, streams: Streams) -> int:
        """Make the container's first process, in its new namespaces."""
        spec = self.bundle.spec
        with self._pid_namespace(_joined_pid_namespace(self.bundle)):
            pid = self._kernel.clone(new_namespaces(self.bundle))
            if pid == 0:
                context = self._context(spec.process, channel)
                run_init(self._kernel, context, self.cgroup, streams)
        return pid

    def exec(self, process: Process, pidfd: int) -> Birth:
        """Return the birth of a further process beside the one of ``pidfd``."""

        def birth(channel: Channel, streams: Streams) -> int:
            try:
                with self._pid_namespace(pidfd):
                    pid = self._kernel.clone(CloneFlag.NONE)
                    if pid == 0:
                        context = self._context(process, channel)
                        run_exec(self._kernel, context, self.cgroup, streams, pidfd)
            except (ProcessLookupError, MemoryError, OSError) as error:
                # ENOMEM: the namespace's init is dead, nothing is born there any more.
                text = f"cannot exec in a container that is ending: {error}"
                raise UnavailableError(text) from error
            return pid

        return birth

    def _context(self, process: Process, channel: Channel) -> Context:
        return Context(
            spec=self.bundle.spec,
            process=process,
            folder=str(self.bundle.folder),
            cgroups_path=self.bundle.cgroups_path,
            hierarchy=self._host.hierarchy,
            channel=channel,
            bounding=self._host.bounding,
            last_capability=self._host.last_capability,
            seccomp=self.bundle.seccomp,
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


def new_namespaces(bundle: Bundle) -> CloneFlag:
    """Return what clone(2) makes: all but the cgroup namespace, whose root is where
    its maker is, so that it has to wait until init has joined its cgroup."""
    flags = CloneFlag.NONE
    for namespace in bundle.spec.linux.namespaces:
        if namespace.path is None and namespace.type != "cgroup":
            flags |= namespace_flag(namespace.type)
    return flags


def _joined_pid_namespace(bundle: Bundle) -> str | None:
    for namespace in bundle.spec.linux.namespaces:
        if namespace.type == "pid":
            return namespace.path
    return None
