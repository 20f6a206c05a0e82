"""Who draws in which mode."""

import json

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.plain import Plain
from labkit.docker_cli.buildx.progress import RawJson, Silent, open_display
from labkit.docker_cli.buildx.tty import Tty
from tests.unit.docker_cli.buildx.updates import vertex


def test_modes() -> None:
    assert isinstance(open_display("plain"), Plain)
    assert isinstance(open_display("tty"), Tty)
    assert isinstance(open_display("rawjson"), RawJson)
    assert isinstance(open_display("quiet"), Silent)
    assert isinstance(open_display("auto"), Plain)  # pytest's stderr is no terminal
    with pytest.raises(BuildxError, match="invalid progress mode loud"):
        open_display("loud")


def test_rawjson_hands_lines_on(capsys: pytest.CaptureFixture[str]) -> None:
    update = vertex("a", "A", started=0)
    display = RawJson()
    display.begin("x")
    display.update(update)
    display.end()
    assert json.loads(capsys.readouterr().err) == update.raw


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    display = open_display("quiet")
    display.begin("x")
    display.update(vertex("a", "A", started=0))
    display.end()
    assert capsys.readouterr() == ("", "")
