"""Where builds are made: the engine, and the command line's own folder."""

from dataclasses import dataclass
from pathlib import Path

from labkit.docker_cli.buildx.engine import Engine

# What is offered is BuildKit's of that time; Compose asks for 0.17 at least.
VERSION = "v0.24.0-labkit"


@dataclass(frozen=True, slots=True)
class Shop:
    """What a verb works with."""

    engine: Engine
    config: Path
