from labkit.course.covers import Command, find_uncovered, list_coverage, read_commands
from labkit.course.load import book_folder, load_book
from tests.unit.course.build import make_chapter

COMMANDS = (
    Command(5, "c05-ls", "docker network ls", "run"),
    Command(5, "c05-rm", "docker network rm", "run"),
    Command(5, "c05-yum", "yum install", "shown"),
    Command(6, "c06-build", "docker build", "run"),
)


def test_reads_the_table() -> None:
    commands = read_commands()
    assert len({command.id for command in commands}) == len(commands)
    assert {command.must for command in commands} == {
        *("run", "lab-host", "cloud", "shown", "run-or-shown")
    }
    assert {command.chapter for command in commands} == set(range(1, 13))


def test_names_what_no_step_covers() -> None:
    chapter = make_chapter("```{step} a\n:covers: c05-ls\ntrue\n```\n")
    assert [found.id for found in find_uncovered(chapter, COMMANDS)] == ["c05-rm"]


def test_every_chapter_covers_its_commands() -> None:
    for chapter in load_book(book_folder()):
        assert find_uncovered(chapter, read_commands()) == ()


def test_tells_which_steps_run_a_command() -> None:
    chapter = make_chapter("```{step} a\n:covers: c05-ls\ntrue\n```\n")
    listed, missing, shown, *_ = list_coverage((chapter,), COMMANDS)
    assert listed.steps == ("chapter05/a",)
    assert not listed.is_missing
    assert missing.is_missing
    assert not shown.is_missing
