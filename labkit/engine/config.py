"""What an engine is told at its start; it imports nothing of what it configures."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Where this engine lives and what tells it from others on the machine."""

    data_root: Path
    engine_id: str
    resolv_conf: Path = Path("/etc/resolv.conf")
    socket: Path | None = None  # where the API is served

    @property
    def cgroup_parent(self) -> str:
        return f"/labkit-{self.engine_id}"
