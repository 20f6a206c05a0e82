"""Phase 2's types: what each instruction of a Dockerfile says.

Values are as written, with their variables and quotes; ``expand`` replaces those.
Each holds its ``node``: keyword as written, lines, comments above it, original text.
"""

from dataclasses import dataclass

from labkit.dockerfile.errors import Lines
from labkit.dockerfile.mounts import Mount
from labkit.dockerfile.node import Heredoc, Node
from labkit.spec.image import Healthcheck


@dataclass(frozen=True, slots=True)
class Instruction:
    node: Node

    @property
    def name(self) -> str:
        """The keyword in capitals."""
        return self.node.name

    @property
    def lines(self) -> Lines:
        return self.node.lines


@dataclass(frozen=True, slots=True)
class Pair:
    """``name=value``; ``is_legacy`` is the old form with a blank between them."""

    name: str
    value: str
    is_legacy: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """What ARG defines: a name, and its default if it has one."""

    name: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command in exec form (``is_shell`` is false), or one line for the shell.

    ``heredocs`` are those that the line opens, for the shell to read.
    """

    words: tuple[str, ...]
    is_shell: bool
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A file that COPY and ADD take from a here-document."""

    name: str
    content: str
    expand: bool


@dataclass(frozen=True, slots=True)
class From(Instruction):
    base: str
    stage: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Arg(Instruction):
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Run(Instruction):
    """``mounts`` are complete after expansion; before, they know ``from_`` only."""

    command: Command
    mounts: tuple[Mount, ...] = ()
    network: str = "default"
    security: str = "sandbox"


@dataclass(frozen=True, slots=True)
class Cmd(Instruction):
    command: Command


@dataclass(frozen=True, slots=True)
class Entrypoint(Instruction):
    command: Command


@dataclass(frozen=True, slots=True)
class Label(Instruction):
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Env(Instruction):
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Maintainer(Instruction):
    maintainer: str


@dataclass(frozen=True, slots=True)
class Expose(Instruction):
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transfer(Instruction):
    """What ADD and COPY have in common."""

    sources: tuple[str, ...]
    files: tuple[InlineFile, ...]
    destination: str
    chown: str = ""
    chmod: str = ""
    link: bool = False
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Add(Transfer):
    """``unpack`` and ``keep_git_dir`` are None where nothing is said."""

    checksum: str = ""
    keep_git_dir: bool | None = None
    unpack: bool | None = None


@dataclass(frozen=True, slots=True)
class Copy(Transfer):
    from_: str = ""
    parents: bool = False


@dataclass(frozen=True, slots=True)
class Volume(Instruction):
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User(Instruction):
    user: str


@dataclass(frozen=True, slots=True)
class Workdir(Instruction):
    path: str


@dataclass(frozen=True, slots=True)
class OnBuild(Instruction):
    """``expression`` is the line that the image carries for those built on it."""

    expression: str


@dataclass(frozen=True, slots=True)
class StopSignal(Instruction):
    signal: str


@dataclass(frozen=True, slots=True)
class HealthCheck(Instruction):
    check: Healthcheck


@dataclass(frozen=True, slots=True)
class Shell(Instruction):
    words: tuple[str, ...]
