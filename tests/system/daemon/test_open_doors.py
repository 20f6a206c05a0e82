"""The engine over TCP: with TLS and a certificate, or not at all; and its figures."""

import contextlib
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
import requests
from docker.tls import TLSConfig

from tests.certificates import Authority, make_authority, make_certificate
from tests.engines import TEST_IMAGE, OurEngine, busybox_archive, require_docker_cli

pytestmark = [pytest.mark.root, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class World:
    """An engine with open doors, and who is let in by them."""

    engine: OurEngine
    address: str
    metrics: str
    authority: Authority

    def docker(
        self, folder: Path, *arguments: str, data: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the real command line with the certificate that lies in a folder."""
        environ = {**self.engine.environ(), "DOCKER_CERT_PATH": str(folder)}
        environ |= {"DOCKER_HOST": f"tcp://{self.address}", "DOCKER_TLS_VERIFY": "1"}
        return subprocess.run(
            [require_docker_cli(), *arguments],
            env=environ,
            input=data,
            capture_output=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(autouse=True)
def _trust_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would believe these rather than the authority that it is given."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def _wallet(authority: Authority, name: str, trusted: Authority) -> Path:
    """Make a folder as ``DOCKER_CERT_PATH`` has it."""
    certificate, key = make_certificate(authority, name)
    wallet = authority.folder / name
    wallet.mkdir()
    for source, target in (
        (trusted.file, "ca.pem"),
        (certificate, "cert.pem"),
        (key, "key.pem"),
    ):
        shutil.copy(source, wallet / target)
    return wallet


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    authority = make_authority(tmp_path_factory.mktemp("tls") / "good")
    certificate, key = make_certificate(authority, "engine")
    address, metrics = _free_address(), _free_address()
    engine = OurEngine()
    engine.options = ["-H", f"tcp://{address}", "--tlsverify"]
    engine.options += ["--tlscacert", str(authority.file)]
    engine.options += ["--tlscert", str(certificate), "--tlskey", str(key)]
    engine.options += ["--metrics-addr", metrics]
    with engine:
        engine.load(busybox_archive(TEST_IMAGE))
        yield World(engine, address, metrics, authority)


def test_the_command_line_works_with_a_certificate(world: World) -> None:
    wallet = _wallet(world.authority, "cli", world.authority)
    done = world.docker(wallet, "run", "--rm", TEST_IMAGE, "echo", "over tls")
    assert done.stdout == b"over tls\n", done.stderr
    # The end of the input comes through alone, and so does much output after it.
    sent = b"0123456789abcdef" * 50_000
    done = world.docker(wallet, "run", "-i", "--rm", TEST_IMAGE, "cat", data=sent)
    assert done.stdout == sent, done.stderr


def test_buildx_works_with_a_certificate(world: World) -> None:
    wallet = _wallet(world.authority, "buildx", world.authority)
    environ = {**world.engine.environ(), "DOCKER_CERT_PATH": str(wallet)}
    environ |= {"DOCKER_HOST": f"tcp://{world.address}", "DOCKER_TLS_VERIFY": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "labkit.docker_cli.buildx.main", "build", "-"],
        env=environ,
        input=f"FROM {TEST_IMAGE}\nRUN echo over $((40 + 2)) tls\n".encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b" over 42 tls\n" in done.stderr


def test_the_sdk_works_with_a_certificate(world: World) -> None:
    wallet = _wallet(world.authority, "sdk", world.authority)
    tls = TLSConfig(
        client_cert=(str(wallet / "cert.pem"), str(wallet / "key.pem")),
        ca_cert=str(wallet / "ca.pem"),
        verify=True,
    )
    with contextlib.closing(
        docker.DockerClient(base_url=f"tcp://{world.address}", tls=tls)
    ) as client:
        container = client.containers.run(TEST_IMAGE, "sleep 1000", detach=True)
        try:
            assert container.exec_run("echo hello").output == b"hello\n"
            container.kill()
            assert container.wait()["StatusCode"] == 137
        finally:
            container.remove(force=True)


def test_nobody_else_is_let_in(world: World, tmp_path: Path) -> None:
    stranger = make_authority(tmp_path / "stranger")
    wrong = world.docker(_wallet(stranger, "wrong", world.authority), "ps")
    assert wrong.returncode == 1
    assert b"tls" in wrong.stderr
    none = docker.APIClient(
        base_url=f"tcp://{world.address}",
        tls=TLSConfig(ca_cert=str(world.authority.file), verify=True),
        version="1.47",
    )
    with contextlib.closing(none), pytest.raises(requests.exceptions.SSLError):
        none.ping()
    with socket.create_connection(world.address.split(":")) as plain:
        plain.sendall(b"GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert b"OK" not in plain.recv(4096)
    assert world.engine.answers()


def test_figures_for_prometheus(world: World) -> None:
    assert world.engine.docker("run", "--rm", TEST_IMAGE, "true").returncode == 0
    with urllib.request.urlopen(f"http://{world.metrics}/metrics") as page:
        assert page.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = dict(
            line.rsplit(" ", 1)
            for line in page.read().decode().splitlines()
            if not line.startswith("#")
        )
    assert lines['engine_daemon_container_states_containers{state="running"}'] == "0"
    timer = 'engine_daemon_container_actions_seconds_count{action="start"}'
    assert float(lines[timer]) >= 1
    assert float(lines["engine_daemon_events_total"]) >= 6


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["-H", "tcp://127.0.0.1:0"], "without --tlsverify, --tlscacert, --tlscert"),
        (["--tlsverify"], "need an address"),
        (["--metrics-addr", "far:away:1"], "it has the form tcp://HOST:PORT"),
    ],
)
def test_a_wrong_door_is_refused_in_one_sentence(
    tmp_path: Path, options: list[str], complaint: str
) -> None:
    command = [sys.executable, "-m", "labkit.cli.main", "engine", "start", *options]
    command += ["--data-root", str(tmp_path / "data"), "--socket", str(tmp_path / "s")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1
