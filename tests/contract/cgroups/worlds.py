"""The machines on which the manager's contract is checked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind, read_hierarchy
from labkit.cgroups.manager import Manager, open_manager
from tests.contract.cgroups.made_up import V1_FILES, MadeUpTree, make_v1, make_v2

PARENT = f"/labkit-test-{os.getpid()}"


@dataclass
class World:
    """``tree`` is None where it is a real machine."""

    hierarchy: Hierarchy
    tree: MadeUpTree | None

    def open(self, name: str = "box") -> Manager:
        path = f"{PARENT}/{name}"
        if self.tree is None:
            return open_manager(self.hierarchy, path)
        return open_manager(self.hierarchy, path, self.tree.open)


def made_up_v1(root: Path) -> World:
    tree = MadeUpTree()
    make_v1(tree, root)
    mounts = tuple(CgroupMount(root / name, (name,)) for name in V1_FILES)
    return World(Hierarchy(Kind.V1, mounts), tree)


def made_up_v2(root: Path) -> World:
    tree = MadeUpTree()
    make_v2(tree, root)
    return World(Hierarchy(Kind.V2, (), CgroupMount(root, ())), tree)


@contextmanager
def real_v1() -> Iterator[World]:
    hierarchy = read_hierarchy()
    try:
        yield World(hierarchy, None)
    finally:
        open_manager(hierarchy, PARENT).delete()


@contextmanager
def real_v2() -> Iterator[World]:
    """The v2 tree of this machine, be it with controllers or without."""
    found = read_hierarchy()
    hierarchy = Hierarchy(Kind.V2, (), found.v2)
    try:
        yield World(hierarchy, None)
    finally:
        open_manager(hierarchy, PARENT).delete()
