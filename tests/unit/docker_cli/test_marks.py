import pytest

from labkit.docker_cli.cli import Cli
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules, Values, parse
from labkit.docker_cli.marks import check_marks, visible, visible_lines
from labkit.docker_cli.pages import parse_flags, parse_page, read_text
from tests.unit.docker_cli.answering import answering

FLAGS = parse_flags(
    """\
      --plain          Plain
      --old            Old {1.20}
      --new            New {9.99}
      --windows        Windows {windows}
      --experimental   Experimental {experimental}
      --joint          Joint {swarm}
"""
)


@pytest.fixture
def cli(tmp_path):
    globals_ = parse_page(read_text("help").replace("Global Options", "Options")).flags
    return Cli(Values(globals_), str(tmp_path))


def test_a_page_shows_what_this_engine_has(cli, tmp_path):
    with answering(tmp_path, {}):
        assert [flag.name for flag in visible(cli, FLAGS)] == ["plain", "old", "joint"]
        cli.close()


def test_what_is_for_swarms_is_hidden_where_there_is_none_and_is_read_all_the_same(
    cli, tmp_path
):
    with answering(tmp_path, {}, swarm="inactive"):
        assert [flag.name for flag in visible(cli, FLAGS)] == ["plain", "old"]
        check_marks(cli, FLAGS, parse(FLAGS, ["--joint"], Rules()).values)
        cli.close()


def test_commands_for_swarms_are_hidden_where_there_is_none(cli, tmp_path):
    text = "Commands:\n  init   Begin\n  leave  Leave {swarm}\n"
    assert visible_lines(cli, "Commands:\n") == "Commands:\n"
    assert visible_lines(cli, text).endswith("  leave  Leave\n")
    with answering(tmp_path, {}, swarm="inactive"):
        assert visible_lines(cli, text) == "Commands:\n  init   Begin\n"
        cli.close()


def test_a_page_shows_all_where_nobody_answers(cli):
    assert len(visible(cli, FLAGS)) == 6


def test_a_flag_that_this_engine_lacks_is_refused(cli, tmp_path):
    typed = parse(FLAGS, ["--new", "--old"], Rules()).values
    with answering(tmp_path, {}):
        with pytest.raises(CliError) as caught:
            check_marks(cli, FLAGS, typed)
        cli.close()
    assert str(caught.value) == (
        '"--new" requires API version 9.99, but the Docker daemon API version is 1.47'
    )
