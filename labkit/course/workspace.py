"""The learner's folder: copies of notebooks, and where a chapter's steps work.

A notebook is never written over. The steps of a chapter begin in ``chapterNN/steps``,
which holds what the course brings along for them (``labs/chapterNN``) and what they
write; ``labkit reset chapterNN`` takes it away.
"""

import shutil
from pathlib import Path

from labkit.base.errors import NotFoundError
from labkit.base.home import content_folder
from labkit.course.suggest import suggest


def copy_notebook(name: str, notebooks: Path, workspace: Path) -> Path:
    """Copy a chapter's notebook into the workspace unless it is there; return it.

    What the learner wrote is worth more than a newer text: whoever wants the new one
    removes or renames the old file.
    """
    known = {path.stem: path for path in notebooks.glob("*.ipynb")}
    if name not in known:
        raise NotFoundError(f"no notebook {name!r}{suggest(name, known)}")
    target = workspace / known[name].name
    workspace.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(known[name].read_bytes())
    except FileExistsError:
        return target
    return target


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
