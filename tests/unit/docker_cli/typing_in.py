"""Typing a command, in this process: what it prints and how it ends."""

from dataclasses import dataclass

import pytest

from labkit.docker_cli.main import main


@dataclass(frozen=True)
class Typed:
    code: int
    out: str
    err: str


def type_in(capsys: pytest.CaptureFixture[str], *words: str) -> Typed:
    """Run ``docker WORDS``."""
    capsys.readouterr()
    code = main(list(words))
    said = capsys.readouterr()
    return Typed(code, said.out, said.err)
