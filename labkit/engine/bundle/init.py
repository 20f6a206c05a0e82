"""``--init``: a small program before the container's own (see ``init_program``)."""

import os
from pathlib import Path

from labkit.engine.model import HostConfig
from labkit.runtime.init_program import INIT_PATH, init_program
from labkit.spec.runtime import Mount

FILE_NAME = "docker-init"


def uses_init(host: HostConfig) -> bool:
    """Tell whether a container gets one: where it is not pid 1 it could not reap."""
    return bool(host.init) and not host.pid_mode


def with_init(host: HostConfig, args: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is executed."""
    return (INIT_PATH, "--", *args) if uses_init(host) else args


def init_mounts(host: HostConfig, folder: Path) -> tuple[Mount, ...]:
    """Return the mount that brings the program in; nobody inside may change it."""
    if not uses_init(host):
        return ()
    source = str(folder / FILE_NAME)
    return (Mount(INIT_PATH, "bind", source, ("bind", "ro")),)


def write_init(host: HostConfig, folder: Path) -> None:
    """Put the program where the mount takes it from."""
    if not uses_init(host):
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with open(os.open(folder / FILE_NAME, flags, 0o755), "wb") as file:
        os.fchmod(file.fileno(), 0o755)  # whatever our umask is
        file.write(init_program())
