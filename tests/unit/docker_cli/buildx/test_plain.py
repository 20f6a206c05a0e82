"""``--progress=plain``, line by line."""

from labkit.docker_cli.buildx.plain import Plain
from labkit.docker_cli.buildx.status import Update
from tests.unit.docker_cli.buildx.updates import log, task, vertex, warning


def drawn(*updates: Update) -> str:
    said: list[str] = []
    plain = Plain(said.append)
    for update in updates:
        plain.update(update)
    plain.end()
    return "".join(said)


def test_a_step_has_a_number_its_lines_and_its_time() -> None:
    assert drawn(
        vertex("a", "[1/2] FROM x", started=0, completed=0, cached=True),
        vertex("b", "[2/2] RUN y", started=1),
        log("b", "one\ntw", 1.25),
        log("b", "o\nrest", 1.5),
        vertex("b", "[2/2] RUN y", started=1, completed=2),
    ) == (
        "#1 [1/2] FROM x\n#1 CACHED\n\n"
        "#2 [2/2] RUN y\n#2 0.250 one\n#2 0.500 two\n#2 1.000 rest\n#2 DONE 1.0s\n"
    )


def test_steps_side_by_side_say_whose_turn_it_is() -> None:
    assert drawn(
        vertex("a", "A", started=0),
        vertex("b", "B", started=0),
        log("a", "x\n", 0),
        vertex("a", "A", started=0, completed=1),
        vertex("b", "B", started=0, completed=2),
    ) == (
        "#1 A\n#1 ...\n\n#2 B\n#2 ...\n\n#1 A\n#1 0.000 x\n#1 DONE 1.0s\n\n"
        "#2 B\n#2 DONE 2.0s\n"
    )


def test_a_step_that_fails_in_silence_is_named_all_the_same() -> None:
    said = drawn(vertex("a", "RUN x", started=0, completed=1, error="no"))
    assert said.endswith("#1 ERROR: no\n------\n > RUN x:\n------\n")


def test_an_error_is_told_again_with_its_last_lines() -> None:
    assert drawn(
        vertex("a", "[2/2] RUN false", started=0),
        log("a", "oh\n", 0.5),
        vertex("a", "[2/2] RUN false", started=0, completed=1, error="exit code: 1"),
    ) == (
        "#1 [2/2] RUN false\n#1 0.500 oh\n#1 ERROR: exit code: 1\n"
        "------\n > [2/2] RUN false:\n0.500 oh\n------\n"
    )


def test_parts_of_a_step_are_said_when_they_are_done() -> None:
    assert drawn(
        vertex("a", "[internal] load build context", started=0),
        task("a", "transferring context:", current=2, started=0),
        task("a", "transferring context:", current=1500, started=0, completed=0.5),
        task("a", "transferring context:", current=1500, started=0, completed=0.5),
        task("nobody", "x", completed=1),
        vertex("a", "[internal] load build context", started=0, completed=1),
    ) == (
        "#1 [internal] load build context\n#1 transferring context: 1.50kB 0.5s done\n"
        "#1 DONE 1.0s\n"
    )


def test_a_step_that_has_not_begun_is_not_shown() -> None:
    assert drawn(vertex("a", "A")) == ""


def test_warnings_are_kept_for_the_end() -> None:
    plain = Plain(lambda text: None)
    plain.update(warning("it is"))
    assert [one.short for one in plain.warnings] == ["it is"]


def test_begins_with_a_headline() -> None:
    said: list[str] = []
    Plain(said.append).begin("building")
    assert said == ["#0 building\n"]


def test_what_was_cut_short_is_told_at_the_end() -> None:
    said: list[str] = []
    plain = Plain(said.append)
    plain.update(vertex("a", "RUN y", started=0))
    plain.update(vertex("b", "RUN x", started=0))
    plain.update(vertex("b", "RUN x", started=0, completed=1, error="no"))
    plain.end()
    assert "".join(said) == (
        "#1 RUN y\n#1 ...\n\n#2 RUN x\n#2 ERROR: no\n\n#1 RUN y\n#1 CANCELED\n"
        "------\n > RUN x:\n------\n"
    )
