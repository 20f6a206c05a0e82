"""What a visitor is asked and what it answers."""

import enum
from dataclasses import dataclass

from labkit.spec.runtime import Spec


class Verb(enum.Enum):
    """What a visitor can do."""

    STATUS = "status"
    READ = "read"  # a file or folder as a tar
    WRITE = "write"  # unpack a tar into a folder
    EXPORT = "export"  # the root's own files as a tar, without what is mounted there


@dataclass(frozen=True, slots=True)
class View:
    """Whose files: those of a process that runs, or of a bundle that does not.

    ``spec`` names the root, the layers and the binds; ``folder`` is the bundle's.
    """

    process: int = 0
    folder: str = ""
    spec: Spec | None = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a tar is unpacked; ``owner`` None keeps the tar's owners.

    ``keep_kinds`` refuses to put a file in a folder's place, and the other way round.
    """

    keep_kinds: bool = False
    owner: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    verb: Verb
    view: View
    path: str = "/"
    options: WriteOptions = WriteOptions()


@dataclass(frozen=True, slots=True)
class FileStatus:
    """A file itself; ``link_target`` is where a link ends, inside the container."""

    name: str
    size: int
    mode: int  # st_mode
    modified_ns: int
    link_target: str = ""
