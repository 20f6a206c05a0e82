"""What the runtime takes and gives beside the OCI bundle."""

import enum
from dataclasses import dataclass, field

from labkit.base.errors import LabError


class Status(enum.Enum):
    """A container's state in the words of the OCI runtime specification."""

    CREATED = "created"  # everything is set up, the user's program has not begun
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class LogOptions:
    """Where the shim writes the output; ``path`` None writes none.

    Docker's json-file format, one line an output line; ``max_bytes`` 0 never rotates.
    ``attributes`` stand in every line; with ``compress`` older files are packed.
    """

    path: str | None = None
    max_bytes: int = 0
    max_files: int = 1
    compress: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IoOptions:
    """The first process's ends: pty or pipes is ``process.terminal`` of the bundle.

    ``stdin`` False gives /dev/null; ``stdin_once`` closes stdin for good when the first
    attached client closes its side.
    """

    stdin: bool = False
    stdin_once: bool = False
    log: LogOptions = LogOptions()


@dataclass(frozen=True, slots=True)
class AttachOptions:
    """Which streams a client wants to be joined to."""

    stdin: bool = False
    stdout: bool = True
    stderr: bool = True


@dataclass(frozen=True, slots=True)
class ExitRecord:
    """How the first process ended; written durably by the shim before it tells."""

    exit_code: int  # 0-255; 128 + n after signal n
    finished_at_ns: int
    oom_killed: bool = False


@dataclass(frozen=True, slots=True)
class ContainerState:
    """What ``Runtime.state`` found out; ``exit`` is there when STOPPED.

    A container whose shim was killed is STOPPED with ``exit_code`` 137.
    """

    status: Status
    pid: int = 0
    exit: ExitRecord | None = None


class StartError(LabError):
    """The user's program could not be started.

    ``exit_code`` is what Docker reports: 127 not found, 126 not executable or not
    permitted, 128 anything else in the container's set-up. The message carries runc's
    phrases ("executable file not found in $PATH", "permission denied", "no such file
    or directory"), from which the docker command line derives its own exit code.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
