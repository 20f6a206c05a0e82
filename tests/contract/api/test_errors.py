"""Refusals: the same status and the same sentence as a real dockerd."""

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.api.world import PREFIX, container, free_port, network, normalise
from tests.contract.differences import TEXTS
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]


@dataclass(frozen=True)
class Case:
    name: str
    method: str
    path: str
    body: Any = None


RUNNING, STOPPED, NET = f"{PREFIX}running", f"{PREFIX}stopped", f"{PREFIX}net"
CREATE = "/containers/create"
NET_CREATE = "/networks/create"
CONFIG = {"Image": TEST_IMAGE, "Cmd": ["true"]}


def _host(**settings: Any) -> dict[str, Any]:
    return {**CONFIG, "HostConfig": settings}


def _net(**settings: Any) -> dict[str, Any]:
    return {"Name": f"{PREFIX}other", **settings}


CASES = (
    Case("inspect unknown", "GET", "/containers/nosuch/json"),
    Case(
        "volume of a plugin", "POST", "/volumes/create", {"Driver": "x", "Name": "ab"}
    ),
    Case("mount of a plugin", "POST", CREATE, _host(Binds=["ab:/x"], VolumeDriver="x")),
    Case("start unknown", "POST", "/containers/nosuch/start"),
    Case("stop unknown", "POST", "/containers/nosuch/stop"),
    Case("kill unknown", "POST", "/containers/nosuch/kill"),
    Case("remove unknown", "DELETE", "/containers/nosuch"),
    Case("wait unknown", "POST", "/containers/nosuch/wait"),
    Case("logs unknown", "GET", "/containers/nosuch/logs?stdout=1"),
    Case("logs of no stream", "GET", f"/containers/{RUNNING}/logs"),
    Case("attach unknown", "POST", "/containers/nosuch/attach?stream=1&stdout=1"),
    Case("top unknown", "GET", "/containers/nosuch/top"),
    Case("top stopped", "GET", f"/containers/{STOPPED}/top"),
    Case("exec unknown", "POST", "/containers/nosuch/exec", {"Cmd": ["true"]}),
    Case("exec stopped", "POST", f"/containers/{STOPPED}/exec", {"Cmd": ["true"]}),
    Case("exec of nothing", "POST", f"/containers/{RUNNING}/exec", {"Cmd": []}),
    Case("start unknown exec", "POST", "/exec/nosuch/start", {}),
    Case("inspect unknown exec", "GET", "/exec/nosuch/json"),
    Case("start running", "POST", f"/containers/{RUNNING}/start"),
    Case("stop stopped", "POST", f"/containers/{STOPPED}/stop"),
    Case("kill stopped", "POST", f"/containers/{STOPPED}/kill"),
    Case("kill by bad signal", "POST", f"/containers/{RUNNING}/kill?signal=NOSUCH"),
    Case("pause stopped", "POST", f"/containers/{STOPPED}/pause"),
    Case("unpause running", "POST", f"/containers/{RUNNING}/unpause"),
    Case("remove running", "DELETE", f"/containers/{RUNNING}"),
    Case("rename to taken", "POST", f"/containers/{RUNNING}/rename?name={STOPPED}"),
    Case("rename to bad", "POST", f"/containers/{RUNNING}/rename?name=no/pe"),
    Case("rename to itself", "POST", f"/containers/{RUNNING}/rename?name={RUNNING}"),
    Case("create unknown image", "POST", CREATE, {"Image": "nosuch:1"}),
    Case("create bad image", "POST", CREATE, {"Image": "NoSuch:1"}),
    Case("create taken name", "POST", f"{CREATE}?name={RUNNING}", CONFIG),
    Case("create bad name", "POST", f"{CREATE}?name=b@d", CONFIG),
    Case(
        "create without command",
        "POST",
        CREATE,
        {"Image": TEST_IMAGE, "Cmd": [], "Entrypoint": [""]},
    ),
    Case("relative workdir", "POST", CREATE, {**CONFIG, "WorkingDir": "a/b"}),
    Case("bad policy", "POST", CREATE, _host(RestartPolicy={"Name": "perhaps"})),
    Case("tiny memory", "POST", CREATE, _host(Memory=1024)),
    Case("bad bind", "POST", CREATE, _host(Binds=["a:b:c:d"])),
    Case("relative bind", "POST", CREATE, _host(Binds=["/tmp:data"])),
    Case("bad port", "POST", CREATE, _host(PortBindings={"80x/tcp": [{}]})),
    Case(
        "bad host port",
        "POST",
        CREATE,
        _host(PortBindings={"80/tcp": [{"HostPort": "99999"}]}),
    ),
    Case("unknown runtime", "POST", CREATE, _host(Runtime="nosuch")),
    Case("bad cap", "POST", CREATE, _host(CapAdd=["NOSUCH"])),
    Case("host with links", "POST", CREATE, _host(NetworkMode="host", Links=["a:b"])),
    Case("garbage json", "POST", CREATE, b"garbage"),
    Case("empty create body", "POST", CREATE, b""),
    Case("bad filter json", "GET", "/containers/json?filters=garbage"),
    Case("unknown filter", "GET", '/containers/json?filters={"nosuch":["a"]}'),
    Case("unknown network filter", "GET", '/networks?filters={"nosuch":["a"]}'),
    Case("unknown volume filter", "GET", '/volumes?filters={"nosuch":["a"]}'),
    Case("unknown image filter", "GET", '/images/json?filters={"nosuch":["a"]}'),
    Case("inspect unknown net", "GET", "/networks/nosuch"),
    Case("remove unknown net", "DELETE", "/networks/nosuch"),
    Case("remove bridge", "DELETE", "/networks/bridge"),
    Case("remove used net", "DELETE", f"/networks/{NET}"),
    Case("create nameless net", "POST", NET_CREATE, {"Name": ""}),
    Case(
        "create taken net",
        "POST",
        NET_CREATE,
        {"Name": NET, "CheckDuplicate": True},
    ),
    Case("create host net", "POST", NET_CREATE, _net(Driver="host")),
    Case("create unknown driver", "POST", NET_CREATE, _net(Driver="nosuch")),
    Case("create named bridge", "POST", NET_CREATE, {"Name": "bridge"}),
    Case(
        "overlapping subnet",
        "POST",
        NET_CREATE,
        _net(IPAM={"Config": [{"Subnet": "10.222.1.0/25"}]}),
    ),
    Case(
        "bad subnet",
        "POST",
        NET_CREATE,
        _net(IPAM={"Config": [{"Subnet": "10.222.1.0/99"}]}),
    ),
    Case("connect unknown", "POST", f"/networks/{NET}/connect", {"Container": "no"}),
    Case("connect twice", "POST", f"/networks/{NET}/connect", {"Container": RUNNING}),
    Case(
        "disconnect a stranger",
        "POST",
        f"/networks/{NET}/disconnect",
        {"Container": STOPPED},
    ),
    Case("inspect unknown volume", "GET", "/volumes/nosuch"),
    Case("remove unknown volume", "DELETE", "/volumes/nosuch"),
    Case("bad volume name", "POST", "/volumes/create", {"Name": "a/b"}),
    Case("bad driver", "POST", "/volumes/create", {"Name": "labx", "Driver": "no"}),
    Case("inspect unknown image", "GET", "/images/nosuch/json"),
    Case("remove unknown image", "DELETE", "/images/nosuch"),
    Case("tag unknown", "POST", "/images/nosuch/tag?repo=a&tag=b"),
    Case("tag badly", "POST", f"/images/{TEST_IMAGE}/tag?repo=A&tag=b"),
    Case("history of unknown", "GET", "/images/nosuch/history"),
    Case("unknown page", "GET", "/nosuch"),
    Case("swarm", "GET", "/swarm"),
    Case("services", "GET", "/services"),
    Case("unknown plugin", "GET", "/plugins/nosuch/json"),
    Case("resize without size", "POST", f"/containers/{RUNNING}/resize"),
)


@contextlib.contextmanager
def _world(engine: Engine) -> Iterator[None]:
    subnet = {"Config": [{"Subnet": "10.222.1.0/24"}]}
    joined = {"HostConfig": {"NetworkMode": NET}}
    with (
        network(engine, "net", IPAM=subnet),
        container(engine, "running", **joined),
        container(engine, "stopped", start=False),
    ):
        yield


@pytest.fixture(scope="module")
def worlds(lab_engine: Engine, real_dockerd: Engine) -> Iterator[tuple[Engine, Engine]]:
    """Make the same few things in both engines."""
    with _world(lab_engine), _world(real_dockerd):
        yield lab_engine, real_dockerd


def _ask(engine: Engine, case: Case) -> tuple[int, Any]:
    data = case.body
    if data is not None and not isinstance(data, bytes):
        data = json.dumps(data).encode()
    headers = {"Content-Type": "application/json"} if data is not None else {}
    status, _, answer = engine.request(
        case.method, "/v1.41" + case.path.replace('"', "%22"), data, headers
    )
    try:
        return status, normalise(json.loads(answer)) if answer.strip() else None
    except ValueError:
        return status, answer.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refuses_in_the_same_words(worlds: tuple[Engine, Engine], case: Case) -> None:
    ours, theirs = (_ask(engine, case) for engine in worlds)
    if case.name in TEXTS:
        status, reason = TEXTS[case.name]
        assert ours[0] == status, reason
        assert ours != theirs, f"no difference any more: {case.name}"
        return
    assert ours == theirs


def test_a_taken_port_is_refused(engine: Engine) -> None:
    port = free_port()
    binding = {"80/tcp": [{"HostPort": str(port)}]}
    ports = {"ExposedPorts": {"80/tcp": {}}, "HostConfig": {"PortBindings": binding}}
    with (
        container(engine, "holder", **ports),
        container(engine, "loser", start=False, **ports) as loser,
    ):
        status, answer = engine.json("POST", f"/v1.41/containers/{loser}/start")
        _, details = engine.json("GET", f"/v1.41/containers/{loser}/json")
    assert status == 500
    assert f"0.0.0.0:{port} failed: port is already allocated" in answer["message"]
    assert details["State"]["Status"] == "created"
    assert details["State"]["ExitCode"] == 128


def test_a_foreign_listener_is_refused(engine: Engine) -> None:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen()
        port = listener.getsockname()[1]
        binding = {"80/tcp": [{"HostPort": str(port)}]}
        ports = {
            "ExposedPorts": {"80/tcp": {}},
            "HostConfig": {"PortBindings": binding},
        }
        with container(engine, "loser", start=False, **ports) as loser:
            status, answer = engine.json("POST", f"/v1.41/containers/{loser}/start")
    assert status == 500
    assert "address already in use" in answer["message"]


@pytest.mark.parametrize(
    ("command", "exit_code", "phrase"),
    [
        ("nosuch", 127, "executable file not found in $PATH"),
        ("/nosuch", 127, "no such file or directory"),
        ("/etc/plain.txt", 126, "permission denied"),
        # 20.10's runc says "permission denied", newer ones "is a directory".
        ("/etc", 126, 'exec: "/etc": '),
    ],
)
def test_a_program_that_cannot_run(
    engine: Engine, command: str, exit_code: int, phrase: str
) -> None:
    with container(engine, "broken", start=False, Cmd=[command]) as broken:
        status, answer = engine.json("POST", f"/v1.41/containers/{broken}/start")
        _, details = engine.json("GET", f"/v1.41/containers/{broken}/json")
    assert status == 400
    assert phrase in answer["message"]
    assert details["State"]["Status"] == "created"
    assert details["State"]["ExitCode"] == exit_code
    assert details["State"]["Error"] == answer["message"]


def test_a_script_that_nothing_can_read_says_so_itself(
    engine: Engine, tmp_path: Path
) -> None:
    """Written on Windows, or without a first line: it starts, and that is all."""
    for text, reason in (
        ("#!/bin/sh\r\necho\r\n", "no such file or directory"),
        ("no line that names a program\n", "exec format error"),
    ):
        script = tmp_path / "script"
        script.write_text(text)
        script.chmod(0o755)
        done = engine.docker("run", "--rm", "-v", f"{script}:/s", TEST_IMAGE, "/s")
        assert done.stderr == f"exec /s: {reason}\n"
        assert done.returncode in (255, 1)  # 1 by 20.10's runc


def test_garbage_on_the_socket_hurts_nobody(engine: Engine) -> None:
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(10)
        raw.connect(str(engine.socket))
        raw.sendall(b"\x00\x01garbage\r\n\r\n")
        answer = raw.recv(4096)
    assert answer.split(b"\r\n")[0].endswith(b"400 Bad Request")
    assert engine.answers()


def test_a_wait_for_what_never_comes_is_refused(lab_engine: Engine) -> None:
    """Keep this to ours: 20.10 waits for ever."""
    with container(lab_engine, "wait") as made:
        status, answer = lab_engine.json(
            "POST", f"/v1.47/containers/{made}/wait?condition=never"
        )
    assert (status, answer["message"]) == (400, 'invalid condition: "never"')
