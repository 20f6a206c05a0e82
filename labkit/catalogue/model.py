"""What a recipe is: which packages, which of their files, and what the image says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from labkit.base.digest import Digest
from labkit.catalogue.elf import Libraries
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

TRIXIE, BOOKWORM = "trixie", "bookworm"

SEARCH_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True, order=True)
class DebPackage:
    """A Debian package by name, in a suite of the archive."""

    name: str
    suite: str = TRIXIE


class Pantry(Protocol):
    """What a layer is made from: everything that its recipe asked for, fetched."""

    @property
    def architecture(self) -> str: ...

    @property
    def triplet(self) -> str: ...

    def deb(
        self,
        name: str,
        keep: tuple[str, ...] | None = None,
        drop: tuple[str, ...] = (),
        suite: str = TRIXIE,
    ) -> Tree: ...

    def wheel(self, project: str, *folders: str) -> Tree: ...

    def npm(self, project: str) -> Path: ...

    def file(self, name: str) -> bytes: ...

    def below(self, layer: str) -> Tree: ...

    def version(self, package: str) -> str: ...


@dataclass(frozen=True, slots=True)
class LayerRecipe:
    """One layer: what it needs, and how it is put together.

    ``on`` are the layers that must be below it, lowest first; what ``build`` returns
    comes on top of them. ``files`` are folders of ours, in ``labkit/catalogue/files``.
    ``runs_programs`` says that ``build`` starts programs of the layers.
    """

    name: str
    build: Callable[[Pantry], Tree]
    on: tuple["LayerRecipe", ...] = ()
    debs: tuple[DebPackage, ...] = ()
    wheels: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    runs_programs: bool = False


@dataclass(frozen=True, slots=True)
class ImageRecipe:
    """One image: its layers lowest first, its names, and what it really holds.

    ``{version}`` in ``holds`` and in the environment becomes the version of the
    package ``version_of``, as it came from its source.
    """

    names: tuple[str, ...]
    layers: tuple[LayerRecipe, ...]
    config: ContainerDefaults
    holds: str
    version_of: str
    licences: str
    note: str = ""

    @property
    def runs_programs(self) -> bool:
        return any(layer.runs_programs for layer in self.layers)


@dataclass(frozen=True, slots=True)
class BuiltLayer:
    """A layer in the cache."""

    name: str
    diff_id: Digest
    size: int
    packages: Mapping[str, str]
    libraries: Libraries
