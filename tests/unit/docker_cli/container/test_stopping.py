import pytest

from labkit.docker_cli.container.stopping import STOP_RULES, stop_query
from labkit.docker_cli.flags import parse
from labkit.docker_cli.pages import read_page


@pytest.mark.parametrize("verb", ["stop", "restart"])
@pytest.mark.parametrize(
    ("words", "query"),
    [
        ([], {}),
        (["-t", "0"], {"t": 0}),
        (["--time", "3", "-s", "SIGINT"], {"t": 3, "signal": "SIGINT"}),
    ],
)
def test_the_engine_is_told_what_was_typed(verb, words, query):
    flags = read_page(f"container/{verb}").flags
    assert stop_query(parse(flags, words, STOP_RULES).values) == query
