import io

import click
import pytest

from labkit.cli.options import confirm, place_options


def test_a_command_gets_both_options():
    @click.command()
    @place_options
    def command(data_root, socket):
        """Do nothing."""

    assert [parameter.name for parameter in command.params] == ["data_root", "socket"]


def test_yes_is_not_asked_twice():
    confirm("Sure?", yes=True)


def test_nobody_is_asked_without_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(click.UsageError, match="say --yes"):
        confirm("Sure?", yes=False)
