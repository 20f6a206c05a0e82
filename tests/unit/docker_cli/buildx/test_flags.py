"""Command lines as docker reads them."""

import pytest

from labkit.docker_cli.buildx.flags import (
    Command,
    Flag,
    Given,
    Kind,
    UsageError,
    help_text,
    parse,
)

COMMAND = Command(
    "docker buildx x [OPTIONS] PATH",
    "Do x",
    (
        Flag("tag", Kind.TEXTS, "Name it", "t"),
        Flag("file", Kind.TEXT, "Read it", "f"),
        Flag("quiet", Kind.BOOL, "Say less", "q"),
        Flag("rm", Kind.BOOL),
    ),
    least=1,
    most=1,
)


def given(*words: str) -> Given:
    return parse(COMMAND, words)


def test_values_stand_behind_or_with_their_flag() -> None:
    found = given("-t", "a", "--tag", "b", "--tag=c=d", "-te", "-qff", ".", "-t=g")
    assert found.texts("tag") == ("a", "b", "c=d", "e", "g")
    assert (found.text("file"), found.is_set("quiet")) == ("f", True)
    assert found.arguments == ["."]


def test_the_last_value_counts_and_defaults_hold() -> None:
    assert given("-f", "a", "-f", "b", ".").text("file") == "b"
    assert given(".").text("file", "none") == "none"
    assert not given("--quiet=false", ".").is_set("quiet")


def test_two_dashes_end_the_flags_and_one_is_an_argument() -> None:
    assert given("--", "-t").arguments == ["-t"]
    assert given("-").arguments == ["-"]


def test_help_needs_no_arguments() -> None:
    assert given("--help").is_set("help")
    assert given("-h").is_set("help")
    text = help_text(COMMAND)
    assert "Usage:  docker buildx x [OPTIONS] PATH\n\nDo x\n\nOptions:\n" in text
    assert "  -f, --file string       Read it\n" in text
    assert "rm" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nosuch"], "unknown flag: --nosuch"),
        (["-z"], "unknown shorthand flag: 'z' in -z"),
        (["-qz"], "unknown shorthand flag: 'z' in -z"),
        (["--tag"], "flag needs an argument: --tag"),
        (["-t"], "flag needs an argument: 't' in -t"),
        (["--quiet=maybe", "."], 'invalid argument "maybe" for "-q, --quiet" flag'),
        ([], "'docker buildx x' requires 1 argument$"),
        (["a", "b"], "'docker buildx x' requires 1 argument$"),
    ],
)
def test_refuses(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        given(*words)


def test_counts_arguments() -> None:
    with pytest.raises(UsageError, match="'docker x' accepts no arguments"):
        parse(Command("docker x", "", ()), ["a"])
    with pytest.raises(UsageError, match="requires at most 2 argument"):
        parse(Command("docker x", "", (), most=2), ["a", "b", "c"])
    with pytest.raises(UsageError, match="requires at least 1 argument"):
        parse(Command("docker x", "", (), least=1, most=2), [])
