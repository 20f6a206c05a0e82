"""Where something went wrong, as BuildKit shows it."""

from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError, Source


def test_shows_two_lines_around() -> None:
    text = "FROM a\nRUN b\nRUN c \\\n d\nRUN e\nRUN f\nRUN g\n"
    assert Source("Dockerfile", text, 3, 4).excerpt().splitlines() == [
        "Dockerfile:3",
        "--------------------",
        "   1 |     FROM a",
        "   2 |     RUN b",
        "   3 | >>> RUN c \\",
        "   4 | >>>  d",
        "   5 |     RUN e",
        "   6 |     RUN f",
        "--------------------",
    ]


def test_lines_outside_the_text_are_not_shown() -> None:
    assert "   1 | >>> FROM a" in Source("D", "FROM a", 1, 9).excerpt()
    assert Source("D", "", 1, 1).excerpt().startswith("D:1")


def test_an_error_has_its_code() -> None:
    assert BuildxError("x").code == 1
    assert BuildFailedError("x", 7).code == 7
