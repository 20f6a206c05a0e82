"""What the builder asks of others, as it wants to call it; all of it blocks."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.images.model import BuiltLayer, Image
from labkit.images.transfer import PullEvent
from labkit.spec.image import ImageConfig


@dataclass(frozen=True, slots=True)
class BoundFolder:
    """Something of the host's in a step's container; without a source a tmpfs."""

    target: str
    source: Path | None = None
    read_only: bool = True
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """One command for a container of its own.

    It is like all other containers, as the classic builder's are. With a name of a
    ``sandbox`` it is like BuildKit's: so is its host called, and no ``/.dockerenv``
    says that Docker made it.
    """

    container_id: str
    chain_ids: tuple[Digest, ...]
    args: tuple[str, ...]
    environment: tuple[str, ...]
    user: str = ""
    working_dir: str = ""
    network: str = "default"
    extra_hosts: tuple[str, ...] = ()
    binds: tuple[BoundFolder, ...] = ()
    insecure: bool = False
    sandbox: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and the folder with what it changed.

    ``out_of_memory`` says that the kernel killed something for its limit.
    """

    exit_code: int
    upper: Path
    out_of_memory: bool = False


Print = Callable[[str, bytes], None]
"""Takes a stream's name and what was printed to it."""


class Runner(Protocol):
    """Runs commands in containers that nobody else sees."""

    def run(self, order: Order, out: Print) -> AbstractContextManager[Outcome]:
        """Run a command to its end; the changed folder goes at the context's end.

        Raises:
            InvalidInputError: the program can't be started.
        """
        ...

    def stop(self) -> None:
        """Kill what runs now; any thread may call it."""
        ...


class Images(Protocol):
    """Finds the images of FROM and ``--from``, pulling where need be."""

    def find(
        self, name: str, platform: str, pull: bool, tell: Callable[[PullEvent], None]
    ) -> Image: ...
    def find_source(self, name: str) -> Image | None:
        """Find an image for the cache; None if there is none."""
        ...


class Layers(Protocol):
    """The image store, as far as the builder makes layers and images.

    ``labkit.images.store.ImageStore`` and ``labkit.snapshots`` satisfy it together.
    """

    def chain_ids(self, image: Image) -> tuple[Digest, ...]: ...
    def layer_path(self, chain_id: Digest) -> Path: ...
    def has_layer(self, chain_id: Digest) -> bool: ...
    def stack(self, diff_ids: Sequence[Digest]) -> None: ...
    def adopt(self, folder: Path, below: Sequence[Digest]) -> BuiltLayer | None: ...
    def seal(self, layers: Sequence[BuiltLayer]) -> None: ...
    def keep(self, chain_ids: Iterable[Digest]) -> None: ...
    def let_go(self, chain_ids: Iterable[Digest]) -> None: ...
    def record(self, config: ImageConfig, names: Sequence[Reference] = ()) -> Image: ...
    def rename(self, image_id: str, names: Sequence[Reference]) -> Image: ...
