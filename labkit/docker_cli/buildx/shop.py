"""Where builds are made: the engine, and the command line's own folder."""

from dataclasses import dataclass
from pathlib import Path

from labkit.docker_cli.buildx.engine import Engine


@dataclass(frozen=True, slots=True)
class Shop:
    """What a verb works with."""

    engine: Engine
    config: Path
