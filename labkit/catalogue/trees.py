"""Trees from folders on the disk, and back to them."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from labkit.catalogue.tree import Kind, Tree


def read_folder(source: Path, target: str, unwanted: Callable[[str], bool]) -> Tree:
    """Take the plain files below a folder; links and unwanted ones are left out."""
    tree = Tree()
    for folder, _, names in os.walk(source):
        for name in names:
            path = Path(folder, name)
            inner = path.relative_to(source).as_posix()
            if path.is_symlink() or unwanted(inner):
                continue
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            tree.file(f"{target}/{inner}", path.read_bytes(), mode)
    return tree


def write_folder(trees: Iterable[Tree], target: Path) -> None:
    """Put trees on the disk, one over the other; owners and odd modes are not kept."""
    for tree in trees:
        for path, entry in tree.items():
            place = target / path
            if entry.kind is Kind.FOLDER:
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            if entry.kind is Kind.SYMLINK:
                place.symlink_to(entry.target)
            elif entry.kind is Kind.HARDLINK:
                place.hardlink_to(target / entry.target)
            else:
                place.write_bytes(entry.data)
                place.chmod(entry.mode & 0o777 | 0o600)
