from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.course.load import (
    book_folder,
    load_book,
    load_chapter,
    parse_chapter,
    write_block,
    write_markdown,
)
from labkit.course.model import Note, Prose, Step
from tests.unit.course.build import FRONT, make_chapter

STEP = "```{step} go\n:covers: c05-ls\ndocker network ls\n```"


def test_cuts_prose_at_headings_and_directives() -> None:
    chapter = make_chapter(f"# One\n\ntext\n\n{STEP}\n\nmore\n\n## Two\n\nend\n")
    kinds = [type(block).__name__ for block in chapter.blocks]
    assert kinds == ["Prose", "Step", "Prose", "Prose"]
    assert [block.line for block in chapter.blocks] == [7, 11, 16, 18]


def test_reads_the_front_matter() -> None:
    front = FRONT.replace("minutes: 1", "minutes: 7\nowns:\n  networks: [my-net]")
    chapter = parse_chapter(Path("07-a-b.md"), f"{front}\ntext\n")
    assert (chapter.name, chapter.title, chapter.minutes) == ("chapter07", "Testing", 7)
    assert chapter.owns.networks == ("my-net",)


def test_leaves_other_fences_in_the_prose() -> None:
    (block,) = make_chapter("text\n\n```bash\nls\n```\n").blocks
    assert block == Prose("text\n\n```bash\nls\n```", 7)


def test_does_not_mistake_a_quoted_fence_for_a_step() -> None:
    (block,) = make_chapter(f"````markdown\n{STEP}\n````\n").blocks
    assert isinstance(block, Prose)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no front matter\n", "05-x.md:1: a chapter begins with front matter"),
        ("---\ntitle: [\n---\n", "05-x.md: front matter"),
        ("---\n- a\n---\n", "front matter is no mapping"),
        (FRONT.replace("title", "titel"), r"'titel'.*did you mean title"),
        (FRONT.replace("minutes: 1", "minutes: soon"), "'minutes' of type int"),
        (FRONT.replace("minutes: 1", "minutes: 1\nowns: [a]"), "'owns' is a mapping"),
        (f"{FRONT}\n- item\n\n  ```{{step}} a\n  true\n  ```\n", "05-x.md:9: a direct"),
        (f"{FRONT}\n{STEP}\n\n{STEP}\n", "05-x.md:12: id 'go' is taken by line 7"),
        (f"{FRONT}\n```{{stepp}} a\ntrue\n```\n", "05-x.md:7: unknown directive"),
    ],
)
def test_refuses_what_it_cannot_place(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        parse_chapter(Path("05-x.md"), text)


def test_refuses_a_file_without_number() -> None:
    with pytest.raises(InvalidInputError, match=r"networks\.md: expected a name"):
        parse_chapter(Path("networks.md"), FRONT)


def test_finds_chapters_by_name(tmp_path: Path) -> None:
    (tmp_path / "05-x.md").write_text(f"{FRONT}\ntext\n")
    (tmp_path / "README.md").write_text("no chapter")
    assert load_chapter("chapter05", tmp_path).title == "Testing"
    assert [chapter.name for chapter in load_book(tmp_path)] == ["chapter05"]
    with pytest.raises(NotFoundError, match="did you mean chapter05"):
        load_chapter("chapter06", tmp_path)


def test_writes_every_chapter_back_as_it_was() -> None:
    chapters = load_book(book_folder())
    assert chapters
    for chapter in chapters:
        assert write_markdown(chapter) == chapter.path.read_text("utf-8")


def test_fences_hold_shorter_fences() -> None:
    note = Note("note", "", "```bash\nls\n```", 1)
    assert write_block(note).startswith("````{note}\n```bash")


LINE = st.text("ab c*_#:`>-\\'\"{}", max_size=12).map(str.rstrip)


@given(st.lists(LINE, min_size=1, max_size=6).filter(any))
def test_any_script_survives_the_way_back(lines: list[str]) -> None:
    script = "\n".join(["true", *lines]).rstrip("\n")
    text = write_block(Step("go", script, 1))
    (block,) = make_chapter(text + "\n").blocks
    assert isinstance(block, Step)
    assert block.script == script
