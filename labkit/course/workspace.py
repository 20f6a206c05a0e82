"""The learner's own copy of a notebook, which is never written over."""

from pathlib import Path

from labkit.base.errors import NotFoundError
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
