"""The shared libraries of a program, and no more of their packages than it needs."""

from collections.abc import Iterable

from labkit.catalogue.elf import drop_unneeded
from labkit.catalogue.model import TRIXIE, LayerRecipe, Pantry
from labkit.catalogue.tree import Tree


def add_libraries(
    tree: Tree,
    pantry: Pantry,
    packages: Iterable[str],
    on: Iterable[LayerRecipe],
    suite: str = TRIXIE,
) -> Tree:
    """Add those libraries of packages that a tree or the layers below it ask for."""
    libraries = Tree()
    for package in packages:
        unread = ("usr/share/*", "etc/*")
        libraries.merge(pantry.deb(package, drop=unread, suite=suite))
    below = [pantry.below(layer.name) for layer in on]
    folder = f"usr/lib/{pantry.triplet}"
    return tree.merge(drop_unneeded(libraries, [*below, tree], folder))
