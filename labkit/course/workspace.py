"""The learner's folder: copies of notebooks, and where a chapter's steps work.

A notebook in which the learner wrote is never written over: when the course has a newer
one, that is put beside it. What the course gave last is kept in ``.origin``; without it
nobody could tell a learner's change from a newer course.

The steps of a chapter begin in ``chapterNN/steps``, which holds what the course brings
along for them (``labs/chapterNN``) and what they write; ``labkit reset chapterNN``
takes it away.
"""

import itertools
import shutil
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import NotFoundError
from labkit.base.files import write_atomically
from labkit.base.home import content_folder
from labkit.course.suggest import suggest


@dataclass(frozen=True, slots=True)
class Copy:
    """The learner's notebook; ``newer`` is one that the course offers beside it."""

    path: Path
    newer: Path | None = None


def copy_notebook(name: str, notebooks: Path, workspace: Path) -> Copy:
    """Bring a chapter's notebook into the workspace, and bring it up to date.

    Raises:
        NotFoundError: the course has no such notebook.
    """
    known = {path.stem: path for path in notebooks.glob("*.ipynb")}
    if name not in known:
        raise NotFoundError(f"no notebook {name!r}{suggest(name, known)}")
    target = workspace / known[name].name
    origin = workspace / ".origin" / known[name].name
    given, before = known[name].read_bytes(), _read(origin)
    mine = _read(target)
    if mine is None or mine in (given, before):
        newer = None
        _write(target, given)
    else:
        newer = None if given == before else _place_beside(target, (given, before))
        if newer is not None:
            _write(newer, given)
    _write(origin, given)
    return Copy(target, newer)


def _place_beside(target: Path, ours: Container[bytes | None]) -> Path:
    """Return a name for a newer notebook that nothing of the learner's has."""
    numbers = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (target.with_stem(f"{target.stem}-new{number}") for number in numbers)
    return next(path for path in names if not path.exists() or _read(path) in ours)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _write(path: Path, data: bytes) -> None:
    if _read(path) != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data, mode=0o644)


def ensure_step_folder(chapter: str, workspace: Path) -> Path:
    """Return the folder in which a chapter's steps begin; make it if need be."""
    folder = step_folder(chapter, workspace)
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        materials = _materials(chapter)
        if materials is None:
            folder.mkdir(exist_ok=True)
        else:
            shutil.copytree(materials, folder, dirs_exist_ok=True)
    return folder


def remove_step_folder(chapter: str, workspace: Path) -> bool:
    """Remove the folder of a chapter's steps; say whether it was there."""
    folder = step_folder(chapter, workspace)
    if folder.is_symlink():
        folder.unlink()  # what it leads to is not the course's
        return True
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def step_folder(chapter: str, workspace: Path) -> Path:
    return workspace / chapter / "steps"


def _materials(chapter: str) -> Path | None:
    """Return what the course brings along for a chapter's steps, if anything."""
    try:
        folder = content_folder("labs") / chapter
    except NotFoundError:
        return None
    return folder if folder.is_dir() else None
