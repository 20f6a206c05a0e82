import pytest

from labkit.docker_cli.cli import Cli
from labkit.docker_cli.each import for_each
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Values


def test_does_all_says_which_worked_and_fails_with_the_others(tmp_path, capsys):
    def act(name):
        if name.startswith("bad"):
            raise CliError(f"no {name}")
        return "42" if name == "answer" else None

    cli = Cli(Values([]), str(tmp_path))
    with pytest.raises(CliError) as caught:
        for_each(cli, ["a", "bad1", "answer", "bad2"], act)
    assert str(caught.value) == "no bad1\nno bad2"
    assert capsys.readouterr().out == "a\n42\n"
