"""Who builds where both are: Docker's own buildx on Docker's engine, ours on ours."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.release import VERSION
from tests.unit.docker_cli.answering import answering

pytestmark = pytest.mark.slow  # each types at a process of its own


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a plug-in that is not ours."""
    program = tmp_path / ".docker" / "cli-plugins" / "docker-buildx"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "real: $*"\n')
    program.chmod(0o755)
    return tmp_path


def _type(home: Path, *words: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "labkit.docker_cli.buildx.main", *words],
        env={**os.environ, "HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_real_one_builds_on_a_real_engine(home: Path) -> None:
    with answering(home, {}) as engine:
        said = _type(home, "buildx", "version", DOCKER_HOST=engine.host)
    assert said == "real: buildx version\n"


def test_ours_builds_on_the_labs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseHTTPRequestHandler, "server_version", "labkit/1")
    with answering(home, {}) as engine:
        said = _type(home, "buildx", "version", DOCKER_HOST=engine.host)
    assert VERSION in said


def test_ours_answers_where_nobody_does_and_never_twice(home: Path) -> None:
    nobody = f"unix://{home}/none.sock"
    assert VERSION in _type(home, "buildx", "version", DOCKER_HOST=nobody)
    with answering(home, {}) as engine:
        left = _type(home, "version", DOCKER_HOST=engine.host, LABKIT_BUILDX_LEFT="1")
    assert VERSION in left
