"""What a daemon is told at its start, once: a frozen value that is handed down.

Two engines with two data roots must never meet: what either names on the machine
(bridges, cgroups, tables) carries the engine's id, which is a digest of the data root.
"""

import argparse
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.home import default_data_root, default_socket
from labkit.daemon.doors import NO_DOORS, Doors, add_arguments, read_doors
from labkit.daemon.sources import Sources, add_source_arguments, read_sources
from labkit.engine.config import EngineConfig

_ID_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom the socket is given: who can open it controls the machine."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Config:
    """Where the engine's data and its socket are."""

    data_root: Path
    socket: Path
    owner: Owner
    log_level: str = "INFO"
    doors: Doors = NO_DOORS
    sources: Sources = field(default_factory=Sources)

    @property
    def engine_id(self) -> str:
        return engine_id(self.data_root)

    @property
    def engine(self) -> EngineConfig:
        """Return the part that the engine itself is told."""
        return EngineConfig(self.data_root, self.engine_id, socket=self.socket)

    @property
    def run_folder(self) -> Path:
        return self.data_root / "run"

    @property
    def scratch_folder(self) -> Path:
        """Archives on their way in and out; emptied at every start."""
        return self.data_root / "tmp"


def engine_id(data_root: Path) -> str:
    """Name an engine by its data root: six hex digits."""
    return hashlib.sha256(str(data_root).encode()).hexdigest()[:_ID_LENGTH]


def parse_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> Config:
    """Read the command line; the rest follows from it and from who started us."""
    parser = argparse.ArgumentParser(
        prog="labkit.daemon", description="Serve a container engine on a unix socket."
    )
    parser.add_argument("--data-root", type=Path, help="where everything is kept")
    parser.add_argument("--socket", type=Path, help="where the API is served")
    parser.add_argument(
        "--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"]
    )
    add_arguments(parser)
    add_source_arguments(parser)
    options = parser.parse_args(arguments)
    root = options.data_root or default_data_root()
    root = root.absolute().resolve()
    socket = (options.socket or default_socket(root)).absolute()
    owner = socket_owner(environ)
    return Config(
        root,
        socket,
        owner,
        options.log_level,
        read_doors(options),
        read_sources(options, root),
    )


def socket_owner(environ: Mapping[str, str]) -> Owner:
    """Return the user behind ``sudo`` where there is one, else ourselves."""
    if os.geteuid() == 0:
        uid, gid = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
        if uid.isdigit() and gid.isdigit():
            return Owner(int(uid), int(gid))
    return Owner(os.geteuid(), os.getegid())
