import click
import pytest
from click.shell_completion import ShellComplete

from labkit.cli.main import cli
from labkit.cli.names import CHAPTER, CHAPTER_OR_EXERCISE, EXERCISE


@pytest.mark.parametrize("verb", ["check", "hint", "lint", "reset", "run", "solve"])
def test_every_verb_reads_a_name_the_same_way(verb):
    command = cli.get_command(click.Context(cli), verb)
    kinds = {
        option.name: option.type
        for option in command.params
        if option.name in ("chapter", "exercise_id")
    }
    assert kinds
    for kind in kinds.values():
        assert kind in (CHAPTER, EXERCISE, CHAPTER_OR_EXERCISE)


def test_either_kind_of_name_is_told_apart():
    assert CHAPTER_OR_EXERCISE.convert("3", None, None) == "chapter03"
    assert CHAPTER_OR_EXERCISE.convert("c3-e2", None, None) == "c03-e2"
    assert CHAPTER.convert("c3-e2", None, None) == "c3-e2"
    assert EXERCISE.convert("3", None, None) == "3"


def test_a_short_name_means_the_chapter(terminal):
    assert terminal.run("check", "ch5").out == terminal.run("check", "chapter05").out
    assert "no exercises for 'chapter99'" in terminal.run("check", "99").err


def test_tab_knows_chapters_and_exercises():
    complete = ShellComplete(cli, {}, "labkit", "_LABKIT_COMPLETE")
    found = complete.get_completions(["check"], "chapter0")
    assert "chapter05" in [item.value for item in found]
    found = complete.get_completions(["hint"], "c05-")
    assert "c05-e2" in [item.value for item in found]
