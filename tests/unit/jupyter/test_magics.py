import pytest

from labkit.base.errors import InvalidInputError
from labkit.jupyter.magics import CellFailed, docker_lines


@pytest.mark.parametrize(
    ("cell", "script"),
    [
        ("ps", "docker ps"),
        ("docker ps", "docker ps"),
        ("  ps\n\n# a word\nnetwork ls", "docker ps\n\n# a word\ndocker network ls"),
        ("run \\\n  --rm busybox\nps", "docker run \\\n  --rm busybox\ndocker ps"),
    ],
)
def test_puts_docker_before_each_command(cell: str, script: str) -> None:
    assert docker_lines(cell) == script


def test_refuses_an_empty_cell() -> None:
    with pytest.raises(InvalidInputError, match="needs commands"):
        docker_lines("\n")


def test_a_failed_cell_is_one_sentence() -> None:
    assert CellFailed("step 'a' failed")._render_traceback_() == ["step 'a' failed"]
