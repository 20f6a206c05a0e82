"""A network namespace of a test's own, with netlink sockets into it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from labkit.kernel.namespaces import namespace_path, network_namespace
from labkit.kernel.netlink.transport import NetlinkSocket
from tests.waiting import wait_until


class Namespace:
    """Held by a sleeping process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(["unshare", "--net", "sleep", "1000"])
        self.path = namespace_path(self._process.pid, "network")
        own = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(self.path) != own, "the process has moved")

    def open(self, protocol: int) -> NetlinkSocket:
        with network_namespace(self.path):
            return NetlinkSocket(protocol)

    def run(self, *command: str) -> str:
        return subprocess.run(
            ["nsenter", f"--net={self.path}", *command],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def namespace() -> Iterator[Namespace]:
    made = Namespace()
    try:
        yield made
    finally:
        made.end()
