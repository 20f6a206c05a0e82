"""A chapter as a notebook, and back.

One block is one cell (an exercise: three), so that the way back is exact:

    front matter   the notebook's metadata
    (nothing)      code cell that loads ``labkit.jupyter``
    prose          markdown cell
    note           markdown cell: a quotation with a bold title
    step           code cell: ``%%step ID`` and the script
    exercise       heading, ``%exercise ID``, and a cell for the learner's commands

What a cell's text cannot hold (a step's options) is in its metadata under
``labkit``, as lists of strings: JupyterLab keeps unknown metadata when it saves, but
sorts the keys of mappings. Cell ids come from the content, outputs are left out and
keys are sorted, so the same chapter is always the same bytes.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.course.directives import NOTE_TITLES
from labkit.course.figures import embed, extract
from labkit.course.load import write_block
from labkit.course.model import Block, Chapter, ExercisePlace, Note, Prose, Step

Cell = Any
"""nbformat's NotebookNode, which has no types."""

_STEP_MAGIC = re.compile(r"%%step[ \t]+(?P<id>[a-z0-9-]+)[ \t]*\n(?P<script>.*)", re.S)
_NOTE = re.compile(r"> \*\*(?P<head>[^*\n]+)\*\*\n>\n(?P<body>(?:>.*(?:\n|$))*)")

SETUP = """\
# Run this cell first: it connects the notebook with the engine.
%load_ext labkit.jupyter
%chapter {chapter}"""


def build_notebook(chapter: Chapter, titles: Mapping[str, str]) -> Cell:
    """Build the notebook of a chapter.

    Args:
        titles: heading of each exercise, by its id.
    """
    cells = [_setup_cell(chapter)]
    for block in chapter.blocks:
        cells += _block_cells(block, chapter.path.parent, titles)
    _give_ids(cells)
    metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "labkit": {"front-matter": chapter.front_matter.split("\n")},
        "language_info": {"name": "python"},
    }
    return _node(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def write_notebook(notebook: Cell) -> str:
    """Write a notebook as text, always the same for the same notebook."""
    nbformat.validate(notebook)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_notebook(path: Path) -> Cell:
    """Read a notebook of format 4.

    Raises:
        InvalidInputError: the file is no notebook.
    """
    try:
        return nbformat.reads(  # type: ignore[no-untyped-call]
            path.read_text("utf-8"), as_version=4
        )
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise InvalidInputError(f"{path.name}: no notebook: {error}") from error


def notebook_to_markdown(notebook: Cell) -> str:
    """Write the Markdown that a notebook came from: edited or run, it is the same."""
    front = _facts(notebook).get("front-matter")
    if not isinstance(front, list):
        raise InvalidInputError("the notebook has no front matter in its metadata")
    parts = ["\n".join(["---", *front, "---"])]
    parts += [write_block(block) for block in _read_cells(_authored(notebook.cells))]
    return "\n\n".join(parts) + "\n"


def _setup_cell(chapter: Chapter) -> Cell:
    return _mark(_cell("code", SETUP.format(chapter=chapter.name)), "setup")


def _block_cells(
    block: Block, folder: Path, titles: Mapping[str, str]
) -> Iterator[Cell]:
    if isinstance(block, Prose):
        yield _markdown(block.text, folder, "prose")
    elif isinstance(block, Note):
        yield _markdown(_write_note(block), folder, "note", note=block.kind)
    elif isinstance(block, Step):
        source = f"%%step {block.id}\n{block.script}"
        yield _mark(_cell("code", source), "step", head=list(block.head))
    else:
        yield from _exercise_cells(block, titles)


def _exercise_cells(place: ExercisePlace, titles: Mapping[str, str]) -> Iterator[Cell]:
    title = titles.get(place.id, place.id)
    heading = f"### Exercise: {title}"
    yield _mark(_cell("markdown", heading), "exercise", exercise=place.id)
    yield _mark(_cell("code", f"%exercise {place.id}"), "exercise-part")
    work = f"%%bash\n# Your commands for {place.id}, here or in a terminal."
    yield _mark(_cell("code", work), "exercise-part")


def _markdown(text: str, folder: Path, kind: str, **facts: Any) -> Cell:
    source, names = embed(text, folder)
    if names:
        facts["figures"] = list(names)
    return _mark(_cell("markdown", source), kind, **facts)


def _cell(kind: str, source: str) -> Cell:
    fields: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        fields |= {"execution_count": None, "outputs": []}
    return _node({"id": "", **fields})


def _node(fields: dict[str, Any]) -> Cell:
    return nbformat.from_dict(fields)  # type: ignore[no-untyped-call]


def _mark(cell: Cell, kind: str, **facts: Any) -> Cell:
    cell.metadata["labkit"] = {"kind": kind, **facts}
    return cell


def _give_ids(cells: Iterable[Cell]) -> None:
    taken: set[str] = set()
    for cell in cells:
        facts = json.dumps(cell.metadata, sort_keys=True)
        digest = Digest.of(f"{facts}\n{cell.source}".encode()).short
        serial = 0
        while (name := f"{digest}-{serial}" if serial else digest) in taken:
            serial += 1
        taken.add(name)
        cell.id = name


def _write_note(note: Note) -> str:
    title = NOTE_TITLES[note.kind] + (f": {note.title}" if note.title else "")
    quoted = "\n".join(f"> {line}".rstrip() for line in note.text.split("\n"))
    return f"> **{title}**\n>\n{quoted}"


def _authored(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that stand for blocks; the rest was added by the conversion."""
    return [
        cell
        for cell in cells
        if _facts(cell).get("kind") not in {"setup", "exercise-part"}
        and cell.source.strip()
    ]


def _facts(holder: Cell) -> Mapping[str, Any]:
    """Return our metadata of a cell or of the notebook."""
    facts = holder.metadata.get("labkit", {})
    return facts if isinstance(facts, Mapping) else {}


def _read_cells(cells: Iterable[Cell]) -> Iterator[Block]:
    for number, cell in enumerate(cells, start=1):
        facts = _facts(cell)
        kind = facts.get("kind")
        text = extract(cell.source, facts.get("figures", ()))
        if kind == "exercise":
            yield ExercisePlace(id=str(facts["exercise"]), line=0)
        elif kind == "note":
            yield _read_note(facts, text, number)
        elif cell.cell_type == "markdown":
            yield Prose(text=text, line=0)
        elif cell.cell_type == "code":
            yield _read_step(facts, text, number)
        else:
            raise InvalidInputError(f"cell {number}: a raw cell has no place in a book")


def _read_note(facts: Mapping[str, Any], text: str, number: int) -> Note:
    match = _NOTE.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"cell {number}: a note is a quotation under a title")
    lines = [re.sub(r"^> ?", "", line) for line in match["body"].splitlines()]
    _, _, title = match["head"].partition(": ")
    return Note(kind=str(facts["note"]), title=title, text="\n".join(lines), line=0)


def _read_step(facts: Mapping[str, Any], text: str, number: int) -> Step:
    match = _STEP_MAGIC.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"cell {number}: a step begins with %%step ID")
    head = tuple(str(line) for line in facts.get("head", ()))
    return Step(id=match["id"], script=match["script"], line=0, head=head)
