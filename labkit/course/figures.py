"""Figures travel inside the notebook, as attachments of the cell that shows them.

In the book a figure is ``![what it shows](figures/name.svg)``. A notebook may be
copied anywhere, so there the address is ``attachment:name.svg`` and the cell holds
the file (nbformat, "Cell attachments").
"""

import base64
import mimetypes
import re
from pathlib import Path

from labkit.base.errors import NotFoundError

_IN_BOOK = re.compile(r"(!\[[^\]]*\]\()figures/([A-Za-z0-9._-]+)(\))")
_IN_NOTEBOOK = re.compile(r"(!\[[^\]]*\]\()attachment:([A-Za-z0-9._-]+)(\))")

Attachments = dict[str, dict[str, str]]


def attach(text: str, folder: Path) -> tuple[str, Attachments]:
    """Return text that points to attachments, and the attachments."""
    attachments: Attachments = {}
    for _, name, _ in _IN_BOOK.findall(text):
        path = folder / "figures" / name
        if not path.is_file():
            raise NotFoundError(f"no figure {name!r} in {folder.name}/figures")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        attachments[name] = {kind: data}
    return _IN_BOOK.sub(r"\1attachment:\2\3", text), attachments


def detach(text: str) -> str:
    """Return text that points to the book's figures again."""
    return _IN_NOTEBOOK.sub(r"\1figures/\2\3", text)


def list_figures(text: str) -> tuple[tuple[str, str], ...]:
    """Return alternative text and file name of each figure."""
    pattern = re.compile(r"!\[([^\]]*)\]\(figures/([^)]*)\)")
    return tuple((alt, name) for alt, name in pattern.findall(text))
