import pytest

from labkit.docker_cli.arguments import (
    ANY,
    NONE,
    Arguments,
    at_least,
    at_most,
    exactly,
)
from labkit.docker_cli.errors import CliError


@pytest.mark.parametrize(
    ("wanted", "count", "said"),
    [
        (NONE, 1, "accepts no arguments"),
        (exactly(1), 0, "requires 1 argument\n"),
        (exactly(2), 3, "requires 2 arguments"),
        (at_least(1), 0, "requires at least 1 argument\n"),
        (at_least(2), 1, "requires at least 2 arguments"),
        (at_most(1), 2, "requires at most 1 argument\n"),
        (Arguments(1, 2), 3, "requires at least 1 and at most 2 arguments"),
    ],
)
def test_refuses_another_number_in_dockers_words(wanted, count, said):
    with pytest.raises(CliError) as caught:
        wanted.check(count, "docker x", "docker x [OPTIONS]")
    assert f"docker: 'docker x' {said}".rstrip() in str(caught.value)
    assert "\n\nUsage:  docker x [OPTIONS]\n\n" in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "count"), [(NONE, 0), (ANY, 9), (exactly(1), 1), (Arguments(1, 2), 2)]
)
def test_takes_the_right_number(wanted, count):
    wanted.check(count, "docker x", "docker x")
