import json
from pathlib import Path

import nbformat
import pytest

from labkit.base.errors import InvalidInputError
from labkit.course.load import book_folder, load_book, write_markdown
from labkit.course.model import Chapter
from labkit.course.notebook import (
    build_notebook,
    notebook_to_markdown,
    read_notebook,
    write_notebook,
)
from tests.unit.course.build import make_chapter

BODY = """\
# Title

Some *prose*.

```{step} go
:covers: c05-ls
docker network ls
```

```{pitfall} a title
First.

- second
```

```{note}
Without a title: **bold**
```

```{exercise} c05-e1
```
"""


@pytest.fixture
def chapter() -> Chapter:
    return make_chapter(BODY)


def test_makes_the_cells_of_each_block(chapter: Chapter) -> None:
    cells = build_notebook(chapter, {"c05-e1": "Do it"}).cells
    kinds = [cell.metadata.labkit.kind for cell in cells]
    assert kinds == [
        *("setup", "prose", "step", "note", "note"),
        *("exercise", "exercise-part", "exercise-part"),
    ]
    assert cells[2].source == "%%step go\ndocker network ls"
    assert cells[3].source.startswith("> **Pitfall: a title**\n>\n> First.\n>\n>")
    assert cells[5].source == "### Exercise: Do it"
    assert "%chapter chapter05" in cells[0].source


def test_the_way_back_gives_the_same_file(chapter: Chapter) -> None:
    notebook = build_notebook(chapter, {})
    assert notebook_to_markdown(notebook) == write_markdown(chapter)


def test_every_chapter_comes_back_after_a_run_and_a_save() -> None:
    for chapter in load_book(book_folder()):
        notebook = build_notebook(chapter, {})
        for cell in notebook.cells:
            cell.metadata["execution"] = {"iopub.status.busy": "2026-01-01"}
            if cell.cell_type == "code":
                cell.execution_count = 3
                cell.outputs = [nbformat.v4.new_output("stream", text="done")]
        # JupyterLab sorts keys and moves the cells' ids; the text stays.
        saved = json.loads(json.dumps(notebook, sort_keys=True))
        again = nbformat.reads(json.dumps(saved), as_version=4)
        assert notebook_to_markdown(again) == chapter.path.read_text("utf-8")


def test_is_the_same_bytes_every_time(chapter: Chapter) -> None:
    first = write_notebook(build_notebook(chapter, {}))
    assert first == write_notebook(build_notebook(chapter, {}))
    assert json.loads(first)["nbformat"] == 4


def test_gives_every_cell_an_id_of_its_own() -> None:
    chapter = make_chapter("# Same\n\nText.\n\n# Same\n\nText.\n")
    ids = [cell.id for cell in build_notebook(chapter, {}).cells]
    assert len(set(ids)) == len(ids)


def test_an_authors_new_markdown_cell_becomes_prose(chapter: Chapter) -> None:
    notebook = build_notebook(chapter, {})
    notebook.cells.append(nbformat.v4.new_markdown_cell("The end."))
    assert notebook_to_markdown(notebook).endswith("```\n\nThe end.\n")


def test_refuses_a_code_cell_that_is_no_step(chapter: Chapter) -> None:
    notebook = build_notebook(chapter, {})
    notebook.cells.append(nbformat.v4.new_code_cell("print(1)"))
    with pytest.raises(InvalidInputError, match="a step begins with %%step ID"):
        notebook_to_markdown(notebook)


def test_refuses_a_foreign_notebook(tmp_path: Path) -> None:
    foreign = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("hi")])
    with pytest.raises(InvalidInputError, match="no front matter in its metadata"):
        notebook_to_markdown(foreign)
    broken = tmp_path / "x.ipynb"
    broken.write_text("not json")
    with pytest.raises(InvalidInputError, match=r"x\.ipynb: no notebook"):
        read_notebook(broken)
