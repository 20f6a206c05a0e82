"""The engine as a process: where it is, whether it answers, start and stop.

The learner's side knows the engine by its socket and its pid file; the engine's code
is never imported here. ``start`` runs ``python -m labkit.daemon`` in a session of its
own, with its output in ``run/daemon.log``, and returns when the API answers.
"""

import http.client
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.environment import programs_folder
from labkit.base.errors import (
    ForbiddenError,
    InternalError,
    UnavailableError,
    UnsupportedError,
)
from labkit.base.home import default_data_root, default_socket

START_SECONDS = 30.0
STOP_SECONDS = 40.0
_PAUSE_SECONDS = 0.01
_PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class EnginePlace:
    """Where an engine keeps its data and listens."""

    data_root: Path
    socket: Path

    @property
    def docker_host(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid_file(self) -> Path:
        return self.data_root / "run" / "daemon.pid"

    @property
    def log_file(self) -> Path:
        return self.data_root / "run" / "daemon.log"


def find_place(
    data_root: str | None = None, socket_path: str | None = None
) -> EnginePlace:
    """Return the place that was named, or this user's default one."""
    root = Path(data_root).absolute() if data_root else default_data_root()
    path = Path(socket_path).absolute() if socket_path else default_socket(root)
    return EnginePlace(root, path)


def docker_host() -> str:
    """Return the address of the engine that commands work on; starts nothing."""
    return os.environ.get("DOCKER_HOST") or find_place().docker_host


def ensure_engine() -> str:
    """Return the address of an engine that answers; start ours if it doesn't.

    With ``DOCKER_HOST`` set, that engine is used and none is started.
    """
    named = os.environ.get("DOCKER_HOST")
    if named:
        return named
    place = find_place()
    if not is_answering(place):
        start(place)
    return place.docker_host


def is_answering(place: EnginePlace, seconds: float = 2.0) -> bool:
    """Say whether the API answers a ping."""
    try:
        status, _ = get(place, "/_ping", seconds)
    except UnavailableError:
        return False
    return status == 200


def get(place: EnginePlace, path: str, seconds: float = 5.0) -> tuple[int, bytes]:
    """Ask the engine by plain HTTP over its socket.

    Raises:
        UnavailableError: nobody answers, or not in time.
    """
    connection = _UnixConnection(str(place.socket), seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no answer"
        raise UnavailableError(
            f"no engine answers at {place.docker_host}: {reason.lower()}; "
            "start it with `labkit engine start`"
        ) from error
    finally:
        connection.close()


def get_json(place: EnginePlace, path: str) -> Any:
    """Ask the engine for a document.

    Raises:
        UnavailableError: nobody answers, or not with a document.
    """
    status, body = get(place, path)
    if status != 200:
        text = body.decode("utf-8", "replace").strip()
        raise UnavailableError(f"the engine answered {status} to {path}: {text}")
    return json.loads(body)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def start(place: EnginePlace, doors: Sequence[str] = ()) -> int:
    """Start the engine in the background; return its pid when the API answers.

    ``doors`` are further options of the daemon: what it is to open beside its socket.

    Raises:
        UnsupportedError, ForbiddenError: not on this machine, not by this user.
        InternalError: it did not come up; with the last error of its log.
    """
    refuse_hopeless()
    # Others may pass through to the socket, and look at nothing on the way.
    place.data_root.mkdir(mode=0o711, parents=True, exist_ok=True)
    place.log_file.parent.mkdir(mode=0o711, exist_ok=True)
    with place.log_file.open("ab") as log:
        begin = log.tell()
        process = subprocess.Popen(
            daemon_command(place, doors),
            cwd=_PACKAGE_PARENT,  # -m finds the package there, installed or not
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    for _ in _waiting(START_SECONDS):
        if is_answering(place):
            # The daemon is to outlive us: it must not count as a forgotten child.
            process.returncode = 0
            return read_pid(place) or process.pid
        if process.poll() is not None:
            raise InternalError(f"cannot start the engine: {_last_error(place, begin)}")
    process.kill()
    process.wait()
    raise InternalError(
        f"cannot start the engine: no answer in {START_SECONDS:.0f} s; "
        f"its log is {place.log_file}"
    )


def daemon_command(place: EnginePlace, doors: Sequence[str] = ()) -> list[str]:
    """Return the command line of the daemon for a place."""
    return [
        sys.executable,
        "-m",
        "labkit.daemon",
        "--data-root",
        str(place.data_root),
        "--socket",
        str(place.socket),
        *doors,
    ]


def package_parent() -> Path:
    """Return the folder from which ``python -m labkit.daemon`` finds the package."""
    return _PACKAGE_PARENT


def refuse_hopeless() -> None:
    """Refuse where an engine can't run at all, in one sentence each.

    Raises:
        UnsupportedError, ForbiddenError: with what to do instead.
    """
    if not sys.platform.startswith("linux"):
        raise UnsupportedError(
            "containers need a Linux kernel, which this machine does not run: set "
            "DOCKER_HOST to any Docker Engine, and the course works on that"
        )
    if os.geteuid() != 0:
        raise ForbiddenError(
            "starting the engine needs root: run "
            f"`sudo {programs_folder() / 'labkit'} engine start` once; its socket "
            "will be yours, and all else works without sudo"
        )


def stop(place: EnginePlace) -> bool:
    """Stop the engine and wait for its end; say whether there was one.

    Raises:
        ForbiddenError: it belongs to another user.
        InternalError: it does not end.
    """
    pid = read_pid(place)
    if pid is None or not is_daemon(pid):
        return False
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        _terminate(pid, fd)
        if not _ended(fd, STOP_SECONDS):
            raise InternalError(
                f"cannot stop the engine: process {pid} still runs after "
                f"{STOP_SECONDS:.0f} s; its log is {place.log_file}"
            )
    finally:
        os.close(fd)
    return True


def read_pid(place: EnginePlace) -> int | None:
    """Return the pid that the daemon wrote down, if it did."""
    try:
        text = place.pid_file.read_text("ascii").strip()
    except (FileNotFoundError, PermissionError):
        return None
    return int(text) if text.isdecimal() else None


def is_daemon(pid: int) -> bool:
    """Say whether a pid is a daemon of ours: after a crash it may be anybody's."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return b"labkit.daemon" in command


def _terminate(pid: int, fd: int) -> None:
    try:
        signal.pidfd_send_signal(fd, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ForbiddenError(
            f"cannot stop the engine: process {pid} belongs to another user; "
            f"run `sudo {programs_folder() / 'labkit'} engine stop`"
        ) from error


def _ended(fd: int, seconds: float) -> bool:
    """Wait until a process has ended: its pidfd then becomes readable."""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def _waiting(seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(_PAUSE_SECONDS)


def _last_error(place: EnginePlace, begin: int) -> str:
    """Return the last thing that the daemon said since a place in its log."""
    with place.log_file.open("rb") as log:
        log.seek(begin)
        lines = log.read().decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if line.strip()]
    return said[-1] if said else f"it ended without a word; its log is {place.log_file}"
