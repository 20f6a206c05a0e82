"""A machine without usable cgroups: containers run, without limits or accounting."""

from pathlib import Path

from labkit.base.errors import UnsupportedError
from labkit.cgroups.model import Stats
from labkit.cgroups.system import count_online_cpus, read_system_cpu_ns
from labkit.spec.runtime import Resources


class NoManager:
    """See ``labkit.cgroups.manager.Manager``: refuses what needs a cgroup."""

    def __init__(self, path: str) -> None:
        self._path = path

    def create(self) -> None:
        """Nothing to make."""

    def set(self, resources: Resources) -> None:
        wanted = {
            "memory": resources.memory is not None,
            "cpu": resources.cpu is not None,
            "pids": resources.pids is not None and resources.pids.limit > 0,
            "block I/O": resources.block_io is not None,
        }
        for name, is_wanted in wanted.items():
            if is_wanted:
                raise self._refusal(f"limit {name} of")

    def attach_self(self) -> None:
        """Nowhere to go."""

    def attach(self, pid: int) -> None:
        """Nowhere to go."""

    def freeze(self) -> None:
        raise self._refusal("freeze")

    def thaw(self) -> None:
        raise self._refusal("thaw")

    def is_frozen(self) -> bool:
        return False

    def processes(self) -> tuple[int, ...]:
        return ()

    def children(self) -> tuple[str, ...]:
        return ()

    def stats(self) -> Stats:
        return Stats(
            system_cpu_ns=read_system_cpu_ns(), online_cpus=count_online_cpus()
        )

    def oom_kills(self) -> int:
        return 0

    def kill(self) -> None:
        """Killing the first process of a pid namespace ends all others with it."""

    def delete(self) -> None:
        """Nothing was made."""

    def path_of(self, controller: str) -> Path | None:
        return None

    def _refusal(self, what: str) -> UnsupportedError:
        return UnsupportedError(
            f"cannot {what} {self._path}: no cgroups are mounted on this machine"
        )
