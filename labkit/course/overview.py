"""The notebook that leads to all others, and shows where the learner stands."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from labkit.base.files import write_atomically
from labkit.course.model import Chapter

NAME = "course.ipynb"

_HEAD = """\
# Docker, hands on

Take the chapters in their order, or go where your question is. The cell below shows
where you stand; run it whenever you like."""


def write_overview(chapters: Iterable[Chapter], workspace: Path) -> Path:
    """Write the overview anew: it is the course's, not the learner's, to edit."""
    lines = [
        f"{chapter.number}. [{chapter.title}]({chapter.name}.ipynb): {chapter.summary}"
        for chapter in chapters
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    notebook = {
        "cells": [
            _cell("markdown", "head", _HEAD),
            {
                **_cell("code", "standing", "%load_ext labkit.jupyter\n%progress"),
                "execution_count": None,
                "outputs": [],
            },
            _cell("markdown", "chapters", "\n".join(lines)),
        ],
        "metadata": {"kernelspec": {**kernel, "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = workspace / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(notebook, indent=1).encode(), mode=0o644)
    return path


def _cell(kind: str, cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
