"""Beside a dockerd that runs: neither side notices the other come, live or go."""

import contextlib
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from tests.engines import BUSYBOX, TEST_IMAGE, Engine, OurEngine, busybox_archive
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

NAME = "lkcoex"
NEAR, FAR = "198.18.77.1", "198.18.77.2"  # RFC 2544: benchmarks, never routed

_ADDRESS = re.compile(r"\b(\d+\.\d+\.\d+\.\d+)\b")
_BRIDGE = re.compile(r"\b(br-[0-9a-f]{12}|docker0)\b")


@dataclass(frozen=True)
class Pair:
    """Two containers in a network of one engine; the server's port is published."""

    engine: Engine
    asker: str
    server: str
    address: str
    port: int
    bridge: str
    subnet: str

    def wait(self) -> None:
        """Wait until the server serves; it was only just started."""
        command = ("exec", self.server, "wget", "-qO-", "http://127.0.0.1/plain.txt")
        wait_until(
            lambda: self.engine.docker(*command).returncode == 0,
            f"the server of {self.engine.name} serves",
        )

    def check(self) -> None:
        """Each way that a user would notice the loss of."""
        self._inside("ping", "-c1", "-W5", self.address)
        self._inside("ping", "-c1", "-W5", f"{NAME}-server")
        self._inside("wget", "-qO-", f"http://{FAR}/plain.txt")
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}/plain.txt", timeout=10
        ) as answer:
            assert answer.read() == b"not a program\n"

    def _inside(self, *command: str) -> None:
        done = self.engine.docker("exec", self.asker, *command)
        assert done.returncode == 0, (self.engine.name, command, done.stderr)


def _ip(*words: str) -> None:
    _output("ip", *words)


def _output(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make a machine beyond the host: a namespace with a web server."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "plain.txt").write_text("outside\n")
    with contextlib.ExitStack() as undo:
        _ip("netns", "add", NAME)
        undo.callback(_ip, "netns", "del", NAME)
        _ip("link", "add", NAME, "type", "veth", "peer", "eth0", "netns", NAME)
        _ip("addr", "add", f"{NEAR}/30", "dev", NAME)
        _ip("link", "set", NAME, "up")
        _ip("-n", NAME, "addr", "add", f"{FAR}/30", "dev", "eth0")
        _ip("-n", NAME, "link", "set", "eth0", "up")
        web = (str(BUSYBOX), "httpd", "-f", "-h", str(folder))
        server = subprocess.Popen(("ip", "netns", "exec", NAME, *web))
        undo.callback(server.wait)
        undo.callback(server.terminate)
        yield


@contextlib.contextmanager
def _pair(engine: Engine) -> Iterator[Pair]:
    network = {"Name": NAME, "Driver": "bridge"}
    status, answer = engine.json("POST", "/networks/create", network)
    assert status == 201, answer
    with contextlib.ExitStack() as undo:
        undo.callback(engine.request, "DELETE", f"/networks/{NAME}")
        asker = _run(engine, undo, "asker", "sleep", "1000")
        server = _run(engine, undo, "server", "httpd", "-f", "-h", "/etc")
        details = engine.json("GET", f"/containers/{server}/json")[1]
        settings = details["NetworkSettings"]
        yield Pair(
            engine,
            asker,
            server,
            settings["Networks"][NAME]["IPAddress"],
            int(settings["Ports"]["80/tcp"][0]["HostPort"]),
            f"br-{answer['Id'][:12]}",
            engine.json("GET", f"/networks/{NAME}")[1]["IPAM"]["Config"][0]["Subnet"],
        )


def _run(engine: Engine, undo: contextlib.ExitStack, name: str, *cmd: str) -> str:
    body: dict[str, Any] = {
        "Image": TEST_IMAGE,
        "Cmd": cmd,
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {
            "NetworkMode": NAME,
            "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
        },
    }
    status, answer = engine.json("POST", f"/containers/create?name={NAME}-{name}", body)
    assert status == 201, answer
    made: str = answer["Id"]
    undo.callback(engine.request, "DELETE", f"/containers/{made}?force=1&v=1")
    status, failure = engine.json("POST", f"/containers/{made}/start")
    assert status == 204, failure
    return made


def _rules(pair: Pair) -> list[str]:
    """Read the rules of a pair's network, and those that are for no network alone.

    A dockerd that others use, too, changes the rules of its other networks meanwhile.
    """
    saved = _output("iptables-save")
    assert "incompatible" not in saved
    lines = saved.splitlines()
    return [
        line.partition(" [")[0]
        for line in lines
        if not line.startswith("#") and "labkit" not in line and _concerns(line, pair)
    ]


def _concerns(rule: str, pair: Pair) -> bool:
    found = _ADDRESS.findall(rule)
    subnet = ip_network(pair.subnet)
    bridges = set(_BRIDGE.findall(rule)) - {pair.bridge}
    others = (ip for ip in map(ip_address, found) if not ip.is_loopback)
    return not bridges and all(ip in subnet for ip in others)


@pytest.mark.timeout(180)
def test_neither_side_notices_the_other(real_dockerd: Engine, outside: None) -> None:
    with _pair(real_dockerd) as theirs:
        theirs.wait()
        theirs.check()
        before = _rules(theirs)
        assert any(theirs.bridge in rule for rule in before)
        with OurEngine() as lab:
            trace = "labkit_" + sha256(str(lab.data_root).encode()).hexdigest()[:6]
            lab.load(busybox_archive(TEST_IMAGE))
            with _pair(lab) as ours:
                ours.wait()
                ours.check()
                assert _rules(theirs) == before
                for pair in (theirs, ours, theirs):
                    pair.check()
            theirs.check()
            lab.stop()
            theirs.check()
            assert _rules(theirs) == before
            saved = _output("nft", "list", "ruleset")
            assert trace not in saved
            lab.start()
