"""Figures travel inside the notebook, in the text of the cell that shows them.

In the book a figure is ``![what it shows](figures/name.svg)``. A notebook may be
copied anywhere, so there the address is the file itself as a ``data:`` address
(RFC 2397). Attachments of cells would look tidier, but JupyterLab shows no SVG there.
"""

import base64
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path

from labkit.base.errors import NotFoundError

_IN_BOOK = re.compile(r"(!\[[^\]]*\]\()figures/([A-Za-z0-9._-]+)(?=\))")
_IN_NOTEBOOK = re.compile(r"(!\[[^\]]*\]\()data:[a-z+/]+;base64,[A-Za-z0-9+/=]*(?=\))")


def embed(text: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return text that holds its figures, and their names in order."""
    names = tuple(name for _, name in _IN_BOOK.findall(text))
    addresses = {name: figure_address(folder, name) for name in names}
    return _IN_BOOK.sub(lambda found: found[1] + addresses[found[2]], text), names


def extract(text: str, names: Sequence[str]) -> str:
    """Return text that points to the book's figures again."""
    left = iter(names)

    def one(found: re.Match[str]) -> str:
        name = next(left, None)
        return found[0] if name is None else f"{found[1]}figures/{name}"

    return _IN_NOTEBOOK.sub(one, text)


def list_figures(text: str) -> tuple[tuple[str, str], ...]:
    """Return alternative text and file name of each figure."""
    pattern = re.compile(r"!\[([^\]]*)\]\(figures/([^)]*)\)")
    return tuple((alt, name) for alt, name in pattern.findall(text))


def figure_address(folder: Path, name: str) -> str:
    """Return a figure as an address that holds it.

    Raises:
        NotFoundError: there is no such figure.
    """
    path = folder / "figures" / name
    if not path.is_file():
        raise NotFoundError(f"no figure {name!r} in {folder.name}/figures")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
