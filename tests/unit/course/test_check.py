from pathlib import Path

import pytest

from labkit.course.check import Known, check_chapter
from labkit.course.covers import Command, read_commands
from labkit.course.load import book_folder, load_book, parse_chapter
from labkit.course.titles import exercise_titles
from tests.unit.course.build import FRONT

KNOWN = Known(
    commands=(Command(5, "c05-ls", "docker network ls", "run"),),
    exercises=frozenset({"c05-e1"}),
)
STEP = "```{step} list\n:covers: c05-ls\ndocker network ls\n```"
EXERCISE = "```{exercise} c05-e1\n```"
SOUND = f"# Title\n\n{STEP}\n\n{EXERCISE}\n"


def problems(body: str, folder: Path) -> list[str]:
    path = folder / "05-x.md"
    path.write_text(f"{FRONT}\n{body}")
    return [
        str(found)
        for found in check_chapter(parse_chapter(path, path.read_text()), KNOWN)
    ]


def test_a_sound_chapter_has_no_problems(tmp_path: Path) -> None:
    assert problems(SOUND, tmp_path) == []


def test_the_book_has_no_problems() -> None:
    known = Known(read_commands(), frozenset(exercise_titles()))
    for chapter in load_book(book_folder()):
        assert check_chapter(chapter, known) == ()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            "```{step} a\n:covers: c05-la\ntrue\n```\n",
            "05-x.md:17: no command 'c05-la'",
        ),
        ("```{step} a\n:needs: b\ntrue\n```\n", "05-x.md:17: step 'a' needs 'b'"),
        ("```{step} a\n:expect: {netwrk: {name: x}}\ntrue\n```\n", "unknown expect"),
        ("```{step} a\n:expect: {network: {nam: x}}\ntrue\n```\n", "network.nam"),
        ("```{exercise} c05-e2\n```\n", "no exercise 'c05-e2' (did you mean c05-e1?)"),
        ("![words that say what one sees](figures/no.svg)\n", "no figure 'no.svg'"),
        ("![short](figures/no.svg)\n", "does not say in words"),
        ("[there](#nowhere)\n", "no heading '#nowhere'"),
        ("[there](other.md)\n", "neither a heading nor a web address"),
        ("\n\ntext\n", "one blank line goes between blocks"),
    ],
)
def test_finds_what_is_wrong(more: str, message: str, tmp_path: Path) -> None:
    found = problems(f"{SOUND}\n{more}", tmp_path)
    assert any(message in problem for problem in found), found


def test_names_commands_and_exercises_left_out(tmp_path: Path) -> None:
    assert problems("text\n", tmp_path) == [
        "05-x.md:1: no step covers 'c05-ls': docker network ls",
        "05-x.md:1: exercise 'c05-e1' has no place in the chapter",
    ]


def test_a_link_to_a_heading_is_fine(tmp_path: Path) -> None:
    assert problems(f"{SOUND}\n## By `name`\n\n[up](#by-name)\n", tmp_path) == []
