"""Run the command line inside a test, with a home and an engine address of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from labkit.cli.main import run


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs ``labkit`` verbs in this process."""

    def __init__(self, capsys: Any, home: Path, host: str) -> None:
        self._capsys = capsys
        self.home = home
        self.host = host

    def run(self, *arguments: str) -> Said:
        self._capsys.readouterr()
        try:
            code = run(list(arguments))
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        captured = self._capsys.readouterr()
        return Said(code, captured.out, captured.err)


@pytest.fixture
def terminal(capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal whose engine is down: its address leads nowhere."""
    host = f"unix://{tmp_path}/none.sock"
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_HOST", host)
    return Terminal(capsys, tmp_path / "home", host)
