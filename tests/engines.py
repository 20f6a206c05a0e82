"""Engines for tests: ours and a real dockerd, each on folders of its own.

    lab_engine      ours, started once a session, as a process like any user's
    real_dockerd    Debian's docker.io, started once a session

    stocked_lab       the same engines, with the bundled images in them
    stocked_dockerd

All hold the image ``labtest/busybox``, made of the machine's own static busybox. A
test that needs an engine to itself (to kill it, say) makes one: ``with OurEngine()``.

``LABKIT_TEST_DOCKERD`` names the socket of a dockerd that runs already; two of them in
one network namespace would fight over the firewall's chains.
"""

import contextlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import docker
import pytest

from tests.waiting import wait_until

BUSYBOX = next(
    (path for path in map(Path, ("/bin/busybox", "/usr/bin/busybox")) if path.exists()),
    None,
)
TEST_IMAGE = "labtest/busybox:latest"
"""In both engines, under a name that no user's dockerd has."""

DOCKERD_BRIDGE = "10.213.0.1/24"
START_SECONDS = 60
STOP_SECONDS = 60


class Engine:
    """An engine behind a socket, whoever made it."""

    def __init__(self, name: str, socket_path: Path) -> None:
        self.name = name
        self.socket = socket_path

    @property
    def host(self) -> str:
        """Return what ``DOCKER_HOST`` has to be."""
        return f"unix://{self.socket}"

    def client(self) -> docker.DockerClient:
        """Return an SDK client; close it."""
        return docker.DockerClient(base_url=self.host, timeout=60)

    def docker(
        self, *arguments: str, timeout: float = 60, data: bytes | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the real command line; its exit code is the caller's to look at."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environ(),
            input=data,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def command(self, *arguments: str) -> list[str]:
        return [require_docker_cli(), "-H", self.host, *arguments]

    def environ(self) -> dict[str, str]:
        """Return an environment in which the user's own Docker settings don't count."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DOCKER_", "COMPOSE_"))
        }
        return {**kept, "DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": self.host}

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one HTTP request; return status, headers and body."""
        with contextlib.closing(_UnixConnection(self.socket)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()

    @contextlib.contextmanager
    def follow(self, path: str) -> Iterator[http.client.HTTPResponse]:
        """Ask for what goes on and on; leaving hangs up."""
        with contextlib.closing(_UnixConnection(self.socket)) as connection:
            connection.request("GET", path)
            yield connection.getresponse()

    def json(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request with a JSON body; return status and parsed answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        status, _, answer = self.request(method, path, data, headers)
        return status, json.loads(answer) if answer.strip() else None

    def answers(self) -> bool:
        """Say whether somebody is at home."""
        try:
            return self.request("GET", "/_ping")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def load(self, archive: bytes) -> None:
        status, _, answer = self.request(
            "POST",
            "/images/load?quiet=1",
            archive,
            {"Content-Type": "application/x-tar"},
        )
        assert status == 200, answer
        assert b'"error"' not in answer, answer


class OurEngine(Engine):
    """``python -m labkit.daemon`` on a folder of its own; a context manager."""

    def __init__(
        self, root: Path | None = None, start_seconds: float = START_SECONDS
    ) -> None:
        self._made = None if root else tempfile.mkdtemp(prefix="lk-", dir="/tmp")
        self.root = Path(root or self._made or "")
        super().__init__("labkit", self.root / "docker.sock")
        self.process: subprocess.Popen[bytes] | None = None
        self.log = self.root / "daemon.log"
        self.options: list[str] = []  # further ones of the daemon
        self.before: tuple[str, ...] = ()  # a command that moves it, such as nsenter
        self._start_seconds = start_seconds

    @property
    def data_root(self) -> Path:
        return self.root / "data"

    def start(self) -> None:
        """Start the daemon and wait until it answers."""
        command = [*self.before, sys.executable, "-m", "labkit.daemon"]
        command += ["--data-root", str(self.data_root), "--socket", str(self.socket)]
        command += self.options
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment_of_users(),
                start_new_session=True,
            )
        wait_until(self._started, "the engine answers", self._start_seconds)

    def _started(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the engine ended:\n{self.log.read_text()}")
        return self.answers()

    def stop(self) -> None:
        """Ask the daemon to end, gracefully; containers stop with it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_SECONDS)
            self.process = None

    def kill(self) -> None:
        """Kill the daemon as a crash would; containers go on."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        self.process = None

    def remove_containers(self) -> None:
        for container in self.json("GET", "/containers/json?all=1")[1]:
            self.request("DELETE", f"/containers/{container['Id']}?force=1&v=1")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self.process is None:
                self.start()  # somebody has to clear away what a killed one left
            self.remove_containers()
            self.stop()
        finally:
            self._discard()

    def _discard(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self._made:
            shutil.rmtree(self._made, ignore_errors=True)


def _environment_of_users() -> dict[str, str]:
    """Return ours, in which Python keeps what it has compiled, as it does by itself.

    Where it is told not to, every start compiles the whole engine again.
    """
    environ = dict(os.environ)
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        try:
            self.sock.connect(str(self._path))
        except OSError:
            self.sock.close()
            raise


def require_docker_cli() -> str:
    found = shutil.which("docker")
    if found is None:
        pytest.skip("needs the docker command line")
    return found


def busybox_archive(*names: str) -> bytes:
    """Make what ``docker save`` gives: one layer with a static busybox."""
    if BUSYBOX is None:
        pytest.skip("needs a static busybox")
    layer = _layer(BUSYBOX)
    diff_id = "sha256:" + sha256(layer).hexdigest()
    config = json.dumps(
        {
            "architecture": "amd64" if os.uname().machine == "x86_64" else "arm64",
            "os": "linux",
            "created": "2024-01-01T00:00:00Z",
            "config": {"Env": ["PATH=/bin:/sbin:/usr/bin"], "Cmd": ["sh"]},
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
            "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "tests"}],
        }
    ).encode()
    config_name = sha256(config).hexdigest() + ".json"
    entry = {"Config": config_name, "RepoTags": names, "Layers": ["layer.tar"]}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _add(tar, config_name, config)
        _add(tar, "layer.tar", layer)
        _add(tar, "manifest.json", json.dumps([entry]).encode())
    return archive.getvalue()


def _layer(busybox: Path) -> bytes:
    names = subprocess.run([busybox, "--list"], capture_output=True, check=True)
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for folder, mode in (("bin", 0o755), ("etc", 0o755), ("root", 0o700)):
            _add_folder(tar, folder, mode)
        _add_folder(tar, "tmp", 0o1777)
        _add_folder(tar, "var", 0o755)
        _add(tar, "bin/busybox", busybox.read_bytes(), 0o755)
        for name in names.stdout.decode().split():
            if name != "busybox":
                link = tarfile.TarInfo(f"bin/{name}")
                link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(link)
        users = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"
        _add(tar, "etc/passwd", users.encode())
        _add(tar, "etc/group", b"root:x:0:\nnobody:x:65534:\n")
        _add(tar, "etc/plain.txt", b"not a program\n")
    return layer.getvalue()


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))


def _dockerd_runs() -> bool:
    names = (folder / "comm" for folder in Path("/proc").glob("[0-9]*"))
    for name in names:
        with contextlib.suppress(OSError):  # it ended while we looked
            if name.read_text().strip() == "dockerd":
                return True
    return False


def _remove_bridge() -> None:
    if Path("/sys/class/net/docker0").exists():
        subprocess.run(["ip", "link", "del", "docker0"], check=True)


def _unmount_below(root: Path) -> None:
    """Take away the namespace of host networking, which dockerd leaves mounted."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    mounts = (line.split()[4] for line in lines)
    for target in reversed([path for path in mounts if path.startswith(f"{root}/")]):
        subprocess.run(["umount", target], check=True)


@contextlib.contextmanager
def started_dockerd() -> Iterator[Engine]:
    """Start a dockerd on its own folders; its bridge goes with it."""
    if shutil.which("dockerd") is None:
        pytest.skip("needs dockerd (package docker.io)")
    if _dockerd_runs():
        pytest.skip("a dockerd runs here: name its socket in LABKIT_TEST_DOCKERD")
    _remove_bridge()  # a dockerd that has ended leaves it, with another address
    root = Path(tempfile.mkdtemp(prefix="lkd-", dir="/tmp"))
    engine = Engine("dockerd", root / "docker.sock")
    command = ["dockerd", "--data-root", str(root / "data"), "--exec-root"]
    command += [str(root / "exec"), "-H", engine.host, "-p", str(root / "docker.pid")]
    command += ["--bip", DOCKERD_BRIDGE]
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(engine.answers, "dockerd answers", START_SECONDS)
        yield engine
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        _remove_bridge()
        _unmount_below(root)
        shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def real_engine() -> Iterator[Engine]:
    """Give the dockerd that the environment names, else one of our own."""
    if running := os.environ.get("LABKIT_TEST_DOCKERD"):
        yield Engine("dockerd", Path(running.removeprefix("unix://")))
        return
    with started_dockerd() as engine:
        yield engine


@pytest.fixture(scope="session")
def lab_engine() -> Iterator[OurEngine]:
    """Ours, with busybox in it."""
    if os.geteuid() != 0:
        pytest.skip("needs root: makes containers")
    with OurEngine() as engine:
        engine.load(busybox_archive("busybox:latest", TEST_IMAGE))
        yield engine


@pytest.fixture(scope="session")
def real_dockerd() -> Iterator[Engine]:
    """Run a real one, with the same busybox in it."""
    if os.geteuid() != 0:
        pytest.skip("needs root: starts dockerd")
    with real_engine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        yield engine


@pytest.fixture(scope="session")
def stocked_lab(lab_engine: OurEngine) -> OurEngine:
    """Ours, with the bundled images in it."""
    put_images(lab_engine)
    return lab_engine


@pytest.fixture(scope="session")
def stocked_dockerd(real_dockerd: Engine) -> Engine:
    """Run a real one, with the bundled images in it."""
    put_images(real_dockerd)
    return real_dockerd


def put_images(engine: Engine, *names: str) -> None:
    """Put bundled images (all, if none is named) into an engine; it is quick once they
    are cached.

    Where they can't be built, the tests fail that need them: a skip would hide it.
    """
    done = subprocess.run(
        [sys.executable, "-m", "labkit.cli.main", "images", "build", *names],
        env=engine.environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
