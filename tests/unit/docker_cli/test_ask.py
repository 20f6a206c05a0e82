import io

import pytest

from labkit.docker_cli.ask import confirm
from labkit.docker_cli.cli import Cli
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Values


@pytest.mark.parametrize("answer", ["y\n", "Y\n"])
def test_goes_on_after_a_yes(answer, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    confirm(Cli(Values([]), str(tmp_path)), "WARNING!\n")
    assert capsys.readouterr().out == (
        "WARNING!\nAre you sure you want to continue? [y/N] "
    )


@pytest.mark.parametrize("answer", ["", "n\n", "yes\n"])
def test_anything_else_ends_it_without_a_word(answer, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with pytest.raises(CliError) as caught:
        confirm(Cli(Values([]), str(tmp_path)), "")
    assert (str(caught.value), caught.value.code) == ("", 0)
