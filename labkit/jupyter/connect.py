"""Connect a notebook's kernel with an engine.

``DOCKER_HOST`` decides if it is set; otherwise it is this user's own engine, which is
started if it isn't running. The variables go into the kernel's environment, so that
``!docker`` and ``%%bash`` reach the same engine as the magics do.
"""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from labkit.base.environment import lab_environment, programs_folder
from labkit.base.errors import UnavailableError
from labkit.base.home import default_data_root, default_socket
from labkit.course.engine import is_lab_engine

_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Connection:
    """The engine that this kernel works on."""

    docker_host: str
    on_lab: bool

    def __str__(self) -> str:
        kind = "labkit's engine" if self.on_lab else "a Docker Engine"
        return f"{kind} at {self.docker_host}"


def connect() -> Connection:
    """Find or start the engine, and put its variables into the environment.

    Raises:
        UnavailableError: there is no engine and none can be started; says why.
    """
    host = os.environ.get("DOCKER_HOST") or _own_engine()
    os.environ.update(lab_environment(host))
    return Connection(docker_host=host, on_lab=is_lab_engine(host))


def _own_engine() -> str:
    path = default_socket(default_data_root())
    if not _answers(path):
        _start()
    return f"unix://{path}"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0


def _start() -> None:
    command = [str(programs_folder() / "labkit"), "engine", "start"]
    try:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_START_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip() or f"exit code {error.returncode}"
        raise UnavailableError(f"cannot start the engine: {reason}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"cannot start the engine: {error}") from error
