"""Layers as they are read, and what is found out about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """One file, folder or link in a layer; ``content`` tells equal files."""

    size: int = 0
    content: str = ""
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """What a layer's tar says: files by path, and paths that it takes away.

    ``removed`` has the paths of whiteouts; of a folder in ``emptied`` nothing shines
    through from below (OCI image specification, "Layer filesystem changeset").
    """

    files: Mapping[str, File] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an image's history; those that only set something have no layer."""

    created_by: str
    layer: Layer | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SavedImage:
    """An image as it was saved."""

    id: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WastedFile:
    """A file that is in the image and can't be seen in it."""

    path: str
    size: int
    hidden_by: int


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One step of an image: counts for a table, and paths for whoever wants them."""

    number: int
    instruction: str
    digest: str
    is_empty: bool
    size: int
    added: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    largest: tuple[str, ...]
    wasted_bytes: int
    wasted: tuple[WastedFile, ...]


@dataclass(frozen=True, slots=True)
class ImageReport:
    """An image: its steps, its size, and how much of that nobody can see."""

    image: str
    id: str
    size: int
    wasted_bytes: int
    layers: tuple[LayerReport, ...]


@dataclass(frozen=True, slots=True)
class Saving:
    """What a build's last stage took from the stage that did the work."""

    builder: str
    builder_size: int
    size: int
    copied_files: int
    copied_bytes: int

    @property
    def saved_bytes(self) -> int:
        return self.builder_size - self.size
