"""What hostile containers and hostile options try: the host is not reached."""

import contextlib
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines import TEST_IMAGE, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow]


def _run(engine: OurEngine, script: str, **host: Any) -> tuple[int, str]:
    """Run a script in a container made by the API: no client checks what is asked."""
    body = {"Image": TEST_IMAGE, "Cmd": ["sh", "-c", script], "HostConfig": host}
    status, answer = engine.json("POST", "/containers/create", body)
    if status != 201:
        return status, answer["message"]
    path = f"/containers/{answer['Id']}"
    try:
        status, failure = engine.json("POST", f"{path}/start")
        if status != 204:
            return status, failure["message"]
        _, ended = engine.json("POST", f"{path}/wait")
        _, _, output = engine.request("GET", f"{path}/logs?stdout=1&stderr=1")
        return int(ended["StatusCode"]), output.decode(errors="replace")
    finally:
        engine.request("DELETE", f"{path}?force=1&v=1")


@contextlib.contextmanager
def _running(engine: OurEngine, **host: Any) -> Iterator[str]:
    body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"], "HostConfig": host}
    made: str = engine.json("POST", "/containers/create", body)[1]["Id"]
    try:
        assert engine.json("POST", f"/containers/{made}/start")[0] == 204
        yield made
    finally:
        engine.request("DELETE", f"/containers/{made}?force=1&v=1")


@pytest.mark.parametrize(
    "sysctl",
    [
        "kernel.core_pattern",
        "kernel/core_pattern",
        "vm.overcommit_memory",
        "net/../kernel/core_pattern",
    ],
)
def test_the_hosts_parameters_are_not_an_option(
    lab_engine: OurEngine, sysctl: str
) -> None:
    name = sysctl.replace("net/../", "").replace(".", "/")
    # The value that is there: a failure of this test must not hurt the machine.
    present = Path("/proc/sys", name).read_text().strip()
    status, message = _run(lab_engine, "true", Sysctls={sysctl: present})
    assert status >= 400
    assert "separate kernel namespace" in message or "no such file" in message


@pytest.mark.parametrize("target", ["/proc", "//proc", "/proc/self", "/v/to-proc/self"])
def test_nothing_takes_the_place_of_proc(
    lab_engine: OurEngine, tmp_path: Path, target: str
) -> None:
    (tmp_path / "to-proc").symlink_to("/proc")
    binds = [f"{tmp_path}:/v", f"/usr/share:{target}"]
    status, message = _run(lab_engine, "true", Binds=binds)
    assert status == 500
    assert "inside /proc" in message or "not of type proc" in message


@pytest.mark.parametrize(
    "link", ["/etc", "../../../../../../../../etc", "/proc/1/root/etc"]
)
def test_a_link_in_a_volume_leads_nowhere_outside(
    lab_engine: OurEngine, tmp_path: Path, link: str
) -> None:
    (tmp_path / "link").symlink_to(link)
    binds = [f"{tmp_path}:/v", "/usr/share:/v/link/lk-escaped"]
    _run(lab_engine, "true", Binds=binds)
    assert not os.path.lexists("/etc/lk-escaped")


@pytest.mark.parametrize("kind", ["device", "fifo", "folder"])
def test_a_strange_passwd_neither_hangs_nor_fills(
    lab_engine: OurEngine, tmp_path: Path, kind: str
) -> None:
    source = {"device": "/dev/zero", "folder": str(tmp_path)}.get(kind)
    if source is None:
        source = str(tmp_path / "fifo")
        os.mkfifo(source)
    status, message = _run(lab_engine, "echo in", Binds=[f"{source}:/etc/passwd"])
    if kind == "folder":
        assert status == 400
        assert "Are you trying to mount a directory onto a file" in message
    else:
        assert (status, message[8:]) == (0, "in\n")
    assert lab_engine.answers()


def test_no_file_of_ours_is_open_inside(lab_engine: OurEngine) -> None:
    script = "ls -l /proc/1/fd /proc/self/fd 2>/dev/null"
    found = set(re.findall(r"-> (\S+)", _run(lab_engine, script)[1]))
    with _running(lab_engine) as made:
        done = lab_engine.docker("exec", made, "ls", "-l", "/proc/self/fd")
    found |= set(re.findall(r"-> (\S+)", done.stdout))
    assert {re.sub(r":\[\d+\]", "", target) for target in found} == {
        "/dev/null",
        "pipe",
    }


def test_a_descriptor_is_no_working_folder(lab_engine: OurEngine) -> None:
    """CVE-2024-21626."""
    with _running(lab_engine) as made:
        for number in range(3, 12):
            folder = f"/proc/self/fd/{number}"
            done = lab_engine.docker("exec", "-w", folder, made, "ls", "../../..")
            assert done.returncode in (126, 127), done.stdout
            done = lab_engine.docker(
                "run", "--rm", "-w", folder, TEST_IMAGE, "ls", ".."
            )
            assert done.returncode in (125, 126, 127), done.stdout


@pytest.mark.parametrize(
    "script",
    [
        "echo x > /proc/sys/kernel/core_pattern",
        "echo b > /proc/sysrq-trigger",
        "mount -t tmpfs x /tmp",
        "mknod /tmp/disk b 8 0 && head -c1 /tmp/disk",
        "unshare -m true",
        "mkdir /sys/fs/cgroup/pids/x",
        "echo 1 > /sys/fs/cgroup/pids/notify_on_release",
        "echo a > /sys/fs/cgroup/devices/devices.allow",
        "ls /sys/fs/cgroup/*/release_agent",
        "ip link add x type dummy",
        "hostname x",
        "chroot /proc/1/root/../.. ls /root/.. | grep -q boot",
    ],
)
def test_the_kernel_says_no(lab_engine: OurEngine, script: str) -> None:
    assert _run(lab_engine, script)[0] != 0


def test_only_what_it_should_is_reached(lab_engine: OurEngine) -> None:
    """The host's loopback, another network's container, an internal one's outside."""
    lab_engine.json("POST", "/networks/create", {"Name": "esc-a"})
    lab_engine.json("POST", "/networks/create", {"Name": "esc-b", "Internal": True})
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as host,
            _running(lab_engine, NetworkMode="esc-a") as other,
            _running(lab_engine, NetworkMode="esc-b") as inner,
            _running(lab_engine) as made,
        ):
            gateway, _ = _place(lab_engine, made, "bridge")
            _, far = _place(lab_engine, other, "esc-a")
            _, deep = _place(lab_engine, inner, "esc-b")
            port = host.getsockname()[1]
            for address in ("127.0.0.1", gateway):
                probe = ("nc", "-w1", address, str(port), "-e", "true")
                assert lab_engine.docker("exec", made, *probe).returncode != 0
            for asker, address in (
                (made, far),
                (made, deep),
                (inner, far),
                (other, deep),
            ):
                ping = ("ping", "-c1", "-W1", address)
                assert lab_engine.docker("exec", asker, *ping).returncode != 0
            assert (
                lab_engine.docker("exec", made, "ping", "-c1", gateway).returncode == 0
            )
    finally:
        for name in ("esc-a", "esc-b"):
            assert lab_engine.request("DELETE", f"/networks/{name}")[0] == 204


def _place(engine: OurEngine, container: str, network: str) -> tuple[str, str]:
    details = engine.json("GET", f"/containers/{container}/json")[1]
    place = details["NetworkSettings"]["Networks"][network]
    return place["Gateway"], place["IPAddress"]
