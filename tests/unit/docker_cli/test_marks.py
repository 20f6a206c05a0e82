import pytest

from labkit.docker_cli.cli import Cli
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules, Values, parse
from labkit.docker_cli.marks import check_marks, visible
from labkit.docker_cli.pages import parse_flags, parse_page, read_text
from tests.unit.docker_cli.answering import answering

FLAGS = parse_flags(
    """\
      --plain          Plain
      --old            Old {1.20}
      --new            New {9.99}
      --windows        Windows {windows}
      --experimental   Experimental {experimental}
"""
)


@pytest.fixture
def cli(tmp_path):
    globals_ = parse_page(read_text("help").replace("Global Options", "Options")).flags
    return Cli(Values(globals_), str(tmp_path))


def test_a_page_shows_what_this_engine_has(cli, tmp_path):
    with answering(tmp_path, {}):
        assert [flag.name for flag in visible(cli, FLAGS)] == ["plain", "old"]
        cli.close()


def test_a_page_shows_all_where_nobody_answers(cli):
    assert len(visible(cli, FLAGS)) == 5


def test_a_flag_that_this_engine_lacks_is_refused(cli, tmp_path):
    typed = parse(FLAGS, ["--new", "--old"], Rules()).values
    with answering(tmp_path, {}):
        with pytest.raises(CliError) as caught:
            check_marks(cli, FLAGS, typed)
        cli.close()
    assert str(caught.value) == (
        '"--new" requires API version 9.99, but the Docker daemon API version is 1.47'
    )
