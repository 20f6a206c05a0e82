"""What the network's system tests are made of: containers without a runtime.

A 'container' is a process in a network namespace of its own: that is all that the
network ever sees of one. Commands run in it through nsenter; ``ip``, ``nft`` and
busybox are independent readers of what our own netlink wrote.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from labkit.base.ids import new_id
from labkit.network.ipam import choose_address
from labkit.network.model import Endpoint, Network, Subnet
from labkit.network.service import NetworkService
from tests.waiting import wait_until


def own_namespace() -> str:
    return os.readlink("/proc/self/ns/net")


def make_network(letter: str, second: int, **changes: Any) -> Network:
    """Return a network 172.<second>.0.0/16, clear of the ones people use."""
    subnet = Subnet(f"172.{second}.0.0/16", f"172.{second}.0.1")
    return Network(letter * 64, f"net-{letter}", "bridge", (subnet,), **changes)


class Container:
    """A process in a network namespace of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(["unshare", "--net", "sleep", "1000"])
        wait_until(self._has_moved, "the process is in its namespace")

    def _has_moved(self) -> bool:
        return os.readlink(f"/proc/{self.pid}/ns/net") != own_namespace()

    @property
    def pid(self) -> int:
        return self.process.pid

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        inside = ["nsenter", "--net", f"--target={self.pid}", *command]
        return subprocess.run(
            inside, capture_output=True, text=True, timeout=20, check=False
        )

    def json(self, *command: str) -> Any:
        return json.loads(self.run(*command).stdout or "[]")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        inside = ["nsenter", "--net", f"--target={self.pid}", *command]
        return subprocess.Popen(inside)

    def pings(self, address: str) -> bool:
        return self.run("busybox", "ping", "-c1", "-W1", address).returncode == 0

    def reaches(self, address: str) -> bool:
        """Ping until there is an answer: on a busy machine the first may be late."""
        return wait_until(lambda: self.pings(address), f"{address} answers a ping")

    def fetches(self, url: str) -> str:
        return self.run("curl", "-s", "-m", "2", url).stdout

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class World:
    """One engine's network with containers in it, all gone at the end."""

    def __init__(self, root: Path, engine_id: str, stack: ExitStack) -> None:
        self.root = root
        self.engine_id = engine_id
        self._stack = stack
        self._used: dict[str, list[str]] = {}
        self._count = 0
        self.service = NetworkService(root, engine_id)
        stack.callback(lambda: self.service.close(keep=False))
        self.service.open()

    def reopen(self) -> NetworkService:
        """Be the next daemon: a new service object on the same folder."""
        self.service = NetworkService(self.root, self.engine_id)
        self.service.open()
        return self.service

    def container(self) -> Container:
        container = Container()
        self._stack.callback(container.end)
        return container

    def endpoint(self, network: Network) -> Endpoint:
        subnet = network.subnets[0]
        used = self._used.setdefault(network.id, [])
        address = choose_address(subnet, used)
        used.append(address)
        self._count += 1
        return Endpoint(
            id=new_id(),
            network_id=network.id,
            container_id=f"c{self._count}",
            ipv4=address,
            ipv4_prefix=int(subnet.subnet.partition("/")[2]),
            gateway=subnet.gateway,
        )

    def join(
        self, network: Network, container: Container | None = None, eth: int = 0
    ) -> tuple[Container, Endpoint]:
        """Put a container into a network, with a name server."""
        container = container or self.container()
        self.service.ensure_network(network)
        endpoint = self.endpoint(network)
        self.service.connect(
            network, endpoint, container.pid, f"eth{eth}", default_route=True
        )
        return container, endpoint

    def start(self, container: Container, *command: str) -> "subprocess.Popen[bytes]":
        """Run a command in a container, until the test ends."""
        process = container.start(*command)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def web(self, container: Container, text: str, folder: Path) -> None:
        """Serve one page on port 80 in a container."""
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text(text)
        self.start(container, "busybox", "httpd", "-f", "-p", "80", "-h", str(folder))
        wait_until(
            lambda: container.fetches("http://127.0.0.1/") == text, "the page is served"
        )

    def inside(self, *command: str) -> str:
        """Run a command in the engine's namespace."""
        path = self.service.namespace_path()
        return subprocess.run(
            ["nsenter", f"--net={path}", *command],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout


@contextmanager
def outside_world(name: str) -> Iterator[str]:
    """Make a network namespace that is 'the internet', behind the host.

    Yields its address. It has a web server on port 80 that tells who is asking.
    """
    near, far = "203.0.113.1", "203.0.113.2"
    with ExitStack() as stack:
        ip("netns", "add", name)
        stack.callback(ip, "netns", "del", name)
        ip("link", "add", name, "type", "veth", "peer", "eth0", "netns", name)
        stack.callback(ip, "link", "del", name)
        ip("addr", "add", f"{near}/30", "dev", name)
        ip("link", "set", name, "up")
        # The engine has the answers forwarded on the default route's interface, which
        # this one isn't; whether a new one forwards depends on who was here before.
        Path(f"/proc/sys/net/ipv4/conf/{name}/forwarding").write_text("1")
        for command in (
            ("addr", "add", f"{far}/30", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", name, *command)
        echo = "import http.server as h\nclass E(h.BaseHTTPRequestHandler):\n"
        echo += " def do_GET(s): s.send_response(200); s.end_headers();"
        echo += " s.wfile.write(s.client_address[0].encode())\n"
        echo += " def log_message(s, *a): pass\n"
        echo += "h.HTTPServer(('', 80), E).serve_forever()"
        server = subprocess.Popen(
            ["ip", "netns", "exec", name, "python3", "-S", "-c", echo]
        )
        stack.callback(server.wait)
        stack.callback(server.kill)
        wait_until(lambda: curl(f"http://{far}/") == near, "the world answers")
        yield far


def ip(*arguments: str) -> str:
    return subprocess.run(
        ["ip", *arguments], capture_output=True, text=True, check=True
    ).stdout


def curl(url: str) -> str:
    return subprocess.run(
        ["curl", "-s", "-m", "2", url], capture_output=True, text=True, check=False
    ).stdout
