"""Containers on a network of one test, and what is asked of them."""

import uuid

from tests.engines import Engine
from tests.waiting import wait_until

READY_SECONDS = 30


class Things:
    """Containers and a network of one test, removed at its end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.prefix = f"cat-{uuid.uuid4().hex[:6]}"
        self.containers: list[str] = []
        self.network = f"{self.prefix}-net"
        self.check("network", "create", self.network)

    def start(self, name: str, *arguments: str) -> str:
        full = f"{self.prefix}-{name}"
        self.containers.append(full)
        network = ("--network", self.network, "--network-alias", name)
        self.check("run", "-d", "--name", full, *network, *arguments)
        return full

    def check(self, *arguments: str) -> str:
        done = self.engine.docker(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fetch(self, address: str, *arguments: str) -> str:
        """Get a page from inside the network; empty while nobody answers."""
        command = ["run", "--rm", "--network", self.network, "busybox"]
        command += ["wget", "-q", "-T", "5", "-O", "-", address, *arguments]
        return self.engine.docker(*command).stdout

    def logs(self, name: str) -> str:
        done = self.engine.docker("logs", name)
        return done.stdout + done.stderr

    def remove(self) -> None:
        if self.containers:
            self.engine.docker("rm", "-f", "-v", *self.containers)
        self.engine.docker("network", "rm", self.network)

    def run(self, *arguments: str) -> str:
        """Run a container on the network to its end; return what it printed."""
        return self.check("run", "--rm", "--network", self.network, *arguments)

    def wait_for_log(self, container: str, text: str, times: int = 1) -> None:
        wait_until(
            lambda: self.logs(container).count(text) >= times,
            f"{container} says {text!r}",
            READY_SECONDS,
        )
