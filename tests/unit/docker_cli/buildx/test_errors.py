"""Where something went wrong, as BuildKit shows it."""

import pytest

from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError, Source

TEXT = "FROM a\nRUN b\nRUN c \\\n d\nRUN e\nRUN f\nRUN g\n"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (3, 4, [2, 5]),
        (5, 5, [3, 7]),
        (1, 1, [1, 3]),
        (2, 2, [1, 4]),
        (7, 7, [5, 8]),  # behind the last line's end there is one more
        (8, 8, [6, 8]),
        (1, 8, [1, 8]),
    ],
)
def test_shows_as_many_lines_around_as_buildkit(
    first: int, last: int, shown: list[int]
) -> None:
    lines = Source("Dockerfile", TEXT, first, last).excerpt().splitlines()
    numbers = [int(line.split("|")[0]) for line in lines[2:-1]]
    assert numbers == list(range(shown[0], shown[1] + 1))


def test_shows_the_lines_that_are_to_blame() -> None:
    assert Source("Dockerfile", TEXT, 3, 4).excerpt().splitlines() == [
        "Dockerfile:3",
        "--------------------",
        "   2 |     RUN b",
        "   3 | >>> RUN c \\",
        "   4 | >>>  d",
        "   5 |     RUN e",
        "--------------------",
    ]


def test_lines_outside_the_text_are_not_shown() -> None:
    assert "   1 | >>> FROM a" in Source("D", "FROM a", 1, 9).excerpt()
    assert Source("D", "", 1, 1).excerpt().startswith("D:1")


def test_an_error_has_its_code() -> None:
    assert BuildxError("x").code == 1
    assert BuildFailedError("x", 7).code == 7
