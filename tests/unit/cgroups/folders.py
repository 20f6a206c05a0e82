"""One made-up group for the tests of a controller."""

from pathlib import Path

from tests.contract.cgroups.made_up import (
    V1_FILES,
    V2_FILES,
    MadeUpFolder,
    MadeUpTree,
)


def v1_folder(controller: str) -> tuple[MadeUpFolder, MadeUpTree]:
    tree = MadeUpTree()
    tree.add(Path("/parent"), V1_FILES[controller])
    tree.add(Path("/parent/box"), V1_FILES[controller])
    return tree.open(Path("/parent/box")), tree


def v2_folder() -> tuple[MadeUpFolder, MadeUpTree]:
    tree = MadeUpTree()
    tree.add(Path("/parent"), V2_FILES)
    tree.add(Path("/parent/box"), V2_FILES)
    return tree.open(Path("/parent/box")), tree


def without(tree: MadeUpTree, *names: str) -> None:
    """Take files away, as on a kernel that does not have them."""
    for name in names:
        del tree.groups[Path("/parent/box")][name]
