"""What the steps know and what they learn on the way."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from labkit.base.errors import LabError
from labkit.cgroups.hierarchy import Hierarchy
from labkit.kernel.calls import Kernel
from labkit.runtime.handshake import Channel
from labkit.spec.runtime import Process, Spec


@dataclass(slots=True)
class Context:
    """One process on its way into a container.

    ``bounding`` is the mask of capabilities that we hold and can hand on; ``folder`` is
    the bundle's. The file descriptors are made by one step and used by later ones.
    """

    spec: Spec
    process: Process
    folder: str
    cgroups_path: str
    hierarchy: Hierarchy
    channel: Channel
    bounding: int = 0
    last_capability: int = 0
    file_limits: tuple[int, int] | None = None
    seccomp: bytes | None = None
    root_fd: int = -1
    terminal_name: str = ""
    program: str = ""
    mounted: int = 0  # how many of the bundle's mounts are made
    shared: dict[str, int] = field(default_factory=dict)  # by destination

    @property
    def root(self) -> str:
        """Return the absolute path of the container's root, as we see it."""
        return os.path.join(self.folder, self.spec.root.path)


Step = Callable[[Kernel, Context], None]


class SetupError(LabError):
    """A step could not be done; says what, and the exit code Docker gives it."""

    def __init__(self, message: str, exit_code: int = 128) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ProgramError(LabError):
    """The program is there but can't be become: a script without a first line, say."""
