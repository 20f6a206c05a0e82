import io

import click
import pytest

from labkit.cli.options import confirm, door_options, place_options


def test_a_command_gets_both_options():
    @click.command()
    @place_options
    def command(data_root, socket):
        """Do nothing."""

    assert [parameter.name for parameter in command.params] == ["data_root", "socket"]


def test_every_option_says_what_it_is_for():
    @click.command()
    @place_options
    @door_options
    def command(**options):
        """Do nothing."""

    assert not [option.name for option in command.params if not option.help]


def test_doors_are_handed_on_as_the_daemon_takes_them(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    seen = []

    @click.command()
    @door_options
    def command(doors):
        seen.append(doors)

    said = ["-H", "tcp://:1", "--tlsverify", "--tlscert", "c.pem"]
    further = ["--metrics-addr", ":2", "--pull-from", "upstream"]
    command.main([*said, *further], standalone_mode=False)
    command.main([], standalone_mode=False)
    # The daemon has another working folder.
    certificate = ["--tlscert", str(tmp_path / "c.pem")]
    told = ["--tcp", "tcp://:1", *certificate, "--metrics-addr", ":2", "--tlsverify"]
    assert seen == [(*told, "--pull-from", "upstream"), ()]


def test_yes_is_not_asked_twice():
    confirm("Sure?", yes=True)


def test_nobody_is_asked_without_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(click.UsageError, match="say --yes"):
        confirm("Sure?", yes=False)
