"""The engines on which the course is run: ours and a real dockerd, or a named one.

``DOCKER_HOST`` names an engine that has the catalogue's images already; without it
each engine is started and gets them.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINES = (
    pytest.param("lab_engine", marks=pytest.mark.root),
    pytest.param("real_dockerd", marks=(pytest.mark.root, pytest.mark.dockerd)),
)


@pytest.fixture(scope="session", params=ENGINES)
def docker_host(request: pytest.FixtureRequest) -> str:
    """Return the address of an engine that has the catalogue's images."""
    named = os.environ.get("DOCKER_HOST")
    if named:
        if request.param != "lab_engine":
            pytest.skip("DOCKER_HOST names the one engine to test")
        return named
    host: str = request.getfixturevalue(request.param).host
    run_labkit("images", "build", host=host, home=Path("/nonexistent"))
    return host


@pytest.fixture
def learner(docker_host: str, tmp_path: Path) -> Iterator[Path]:
    """Return a learner's empty folder; afterwards nothing of chapter 5 is left."""
    run_labkit("reset", "chapter05", host=docker_host, home=tmp_path)
    yield tmp_path
    run_labkit("reset", "chapter05", host=docker_host, home=tmp_path)


def run_labkit(*arguments: str, host: str, home: Path, expected: int = 0) -> str:
    """Run the command line as a learner does; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "labkit.cli.main", *arguments],
        env={**os.environ, "DOCKER_HOST": host, "LABKIT_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout
