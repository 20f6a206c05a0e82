"""The program: what it says to those who find it, and what that costs."""

import json
import subprocess
import sys

import pytest

from labkit.docker_cli.buildx.main import run
from labkit.docker_cli.buildx.release import VERSION

ASKED = "docker-cli-plugin-metadata"


def test_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([ASKED]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["SchemaVersion"] == "0.1.0"
    assert found["ShortDescription"] == "Docker Buildx"
    assert found["Version"] == VERSION


def test_hands_other_words_to_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["version"]) == 0
    assert VERSION in capsys.readouterr().out


def test_imports_next_to_nothing_to_say_it() -> None:
    code = "import sys; before = set(sys.modules); from labkit.docker_cli.buildx import"
    code += f" main; main.run([{ASKED!r}]); print(sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()[-1].split(",")) < 10, done.stdout
