"""One layer's view of the supplies: a recipe can only use what it has asked for."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.catalogue.deb import read_deb
from labkit.catalogue.machines import machine_of
from labkit.catalogue.model import TRIXIE, DebPackage, LayerRecipe
from labkit.catalogue.sources.wheels import read_wheel
from labkit.catalogue.supplies import Supplies
from labkit.catalogue.tree import Tree

_SITE_PACKAGES = "usr/local/lib/python3.13/dist-packages"


class LayerPantry:
    """The packages of one recipe, and the layers that it stands on."""

    def __init__(
        self,
        recipe: LayerRecipe,
        supplies: Supplies,
        architecture: str,
        read_layer: Callable[[str], Tree],
    ) -> None:
        self._recipe = recipe
        self._supplies = supplies
        self._architecture = architecture
        self._read_layer = read_layer

    @property
    def architecture(self) -> str:
        return self._architecture

    @property
    def triplet(self) -> str:
        """Return Debian's name for the machine, as in ``/usr/lib/<triplet>``."""
        return machine_of(self._architecture).triplet

    def deb(
        self,
        name: str,
        keep: tuple[str, ...] | None = None,
        drop: tuple[str, ...] = (),
        suite: str = TRIXIE,
    ) -> Tree:
        package = DebPackage(name, suite)
        self._check(package in self._recipe.debs, f"{name} of {suite}")
        return read_deb(self._supplies.debs[package].path, name, keep, drop)

    def wheel(self, project: str, *folders: str) -> Tree:
        """Take a wheel's files, or some of its top folders, to where Python looks."""
        self._check(project in self._recipe.wheels, project)
        path = self._supplies.wheels[project].path
        return read_wheel(path, folders, _SITE_PACKAGES)

    def npm(self, project: str) -> Path:
        self._check(project in self._recipe.npm, project)
        return self._supplies.npm[project].path

    def file(self, name: str) -> bytes:
        """Read a file of ours, from ``labkit/catalogue/files``."""
        folder = name.partition("/")[0]
        self._check(folder in self._recipe.files, f"files of {folder!r}")
        return resources.files("labkit.catalogue").joinpath("files", name).read_bytes()

    def below(self, layer: str) -> Tree:
        self._check(any(layer == on.name for on in self._recipe.on), f"layer {layer}")
        return self._read_layer(layer)

    def version(self, package: str) -> str:
        return self._supplies.versions(self._recipe)[package]

    def _check(self, declared: bool, what: str) -> None:
        if not declared:
            raise InternalError(
                f"recipe of layer {self._recipe.name!r} uses {what} undeclared"
            )
