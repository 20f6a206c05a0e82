"""The real registry:2 (Debian's docker-registry) as a process on loopback."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labkit.images.registry.model import Credentials
from tests.waiting import wait_until

CREDENTIALS = Credentials("lab", "secret")
# bcrypt of "secret", at its cheapest: the registry computes it at every request.
USERS = "lab:$2b$04$iXBp.NVE/ikgikGgb4KJ1OAN09GdpF8n7l/UWASezIq91i0Fr6YC.\n"
_SECONDS = 20


@contextmanager
def real_registry(
    folder: Path,
    auth: bool = False,
    tls: tuple[Path, Path] | None = None,
    address: str = "127.0.0.1",
) -> Iterator[str]:
    """Run one; give its host and port."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("needs docker-registry (package docker-registry)")
    folder.mkdir()
    host = f"{address}:{_free_port(address)}"
    config = folder / "config.json"
    config.write_text(json.dumps(_config(folder, host, auth, tls)))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "serve", str(config)], stdout=log, stderr=log
        )
    try:
        wait_until(lambda: answers(host), "the registry answers", _SECONDS)
        yield host
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _config(
    folder: Path, host: str, auth: bool, tls: tuple[Path, Path] | None
) -> dict[str, object]:
    http: dict[str, object] = {"addr": host}
    if tls:
        http["tls"] = {"certificate": str(tls[0]), "key": str(tls[1])}
    config: dict[str, object] = {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(folder / "data")},
            "delete": {"enabled": True},
        },
        "http": http,
    }
    if auth:
        users = folder / "users"
        users.write_text(USERS)
        config["auth"] = {"htpasswd": {"realm": "lab", "path": str(users)}}
    return config


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def answers(host: str) -> bool:
    """Say whether somebody listens at a host and port."""
    name, _, port = host.rpartition(":")
    try:
        socket.create_connection((name, int(port)), 1).close()
    except OSError:
        return False
    return True
