import pytest

from labkit.base.errors import InvalidInputError
from labkit.course.directives import NOTE_TITLES, Fence, build_block
from labkit.course.model import ExercisePlace, Note, Step
from labkit.course.places import Place


def fence(argument: str, *lines: str) -> Fence:
    return Fence("05-x.md", 10, argument, lines)


def step(*lines: str) -> Step:
    block = build_block("step", fence("create-net", *lines))
    assert isinstance(block, Step)
    return block


def test_reads_a_step_with_all_options() -> None:
    found = step(
        ":covers: c05-create c05-ls",
        ":expect: {network: {name: n}}",
        ":needs: list",
        ":exit: 1",
        ":prints: a: b",
        ":again: already exists",
        ":only: lab",
        ":wants: aws moto_server",
        ":timeout: 2.5",
        "docker network create n",
        "docker network ls",
    )
    assert found.script == "docker network create n\ndocker network ls"
    assert found.covers == ("c05-create", "c05-ls")
    assert found.expect == ({"network": {"name": "n"}},)
    assert (found.needs, found.exit_code) == (("list",), 1)
    assert (found.prints, found.again) == (("a: b",), "already exists")
    assert (found.only, found.timeout_seconds) == ((Place.LAB,), 2.5)
    assert found.wants == ("aws", "moto_server")
    assert len(found.head) == 9


def test_collects_an_option_that_comes_twice() -> None:
    found = step(":prints: one", ":prints: two", "true")
    assert found.prints == ("one", "two")


def test_leaves_a_colon_in_the_script_alone() -> None:
    assert step("echo", ":covers: no-option").script == "echo\n:covers: no-option"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((":coverz: x", "true"), "05-x.md:11: unknown option 'coverz'.*mean covers"),
        ((":covers: x", ":exit: one", "true"), "05-x.md:12: option 'exit'"),
        ((":exit: 1", ":exit: 2", "true"), "05-x.md:12: .*twice"),
        ((":expect: [", "true"), "05-x.md:11: option 'expect'"),
        ((":expect: word", "true"), "expected a mapping of checks"),
        ((":only: mars", "true"), "no place 'mars'"),
        ((":timeout: -1", "true"), "above zero seconds"),
        ((":timeout: nan", "true"), "above zero seconds"),
        ((":needs:", "true"), "needs a value"),
        ((":covers: x",), "05-x.md:10: step 'create-net' has no commands"),
    ],
)
def test_refuses_a_wrong_step_with_its_line(
    lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        step(*lines)


@pytest.mark.parametrize("argument", ["", "Create", "a b", "1st", "a--b"])
def test_refuses_an_odd_id(argument: str) -> None:
    with pytest.raises(InvalidInputError, match=r"05-x\.md:10: step needs an id"):
        build_block("step", fence(argument, "true"))


def test_reads_the_place_of_an_exercise() -> None:
    assert build_block("exercise", fence("c05-e1")) == ExercisePlace("c05-e1", 10)


def test_refuses_text_inside_an_exercise() -> None:
    with pytest.raises(InvalidInputError, match=r"05-x\.md:11: an exercise's"):
        build_block("exercise", fence("c05-e1", "do this"))


@pytest.mark.parametrize("kind", NOTE_TITLES)
def test_reads_each_kind_of_note(kind: str) -> None:
    block = build_block(kind, fence("a title", "text", ""))
    assert block == Note(kind, "a title", "text", 10)


def test_refuses_an_empty_note() -> None:
    with pytest.raises(InvalidInputError, match=r"05-x\.md:10: empty tip"):
        build_block("tip", fence("", ""))


def test_names_the_directive_that_was_meant() -> None:
    with pytest.raises(InvalidInputError, match=r"'stpe' \(did you mean step\?\)"):
        build_block("stpe", fence("x", "true"))
