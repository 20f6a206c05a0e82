"""The engines on which the course is run: ours and a real dockerd, or a named one.

``DOCKER_HOST`` names an engine that has the catalogue's images already; without it
each engine is started and gets them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.course.learner import run_labkit

ENGINES = (
    pytest.param("stocked_lab", marks=pytest.mark.root),
    pytest.param("stocked_dockerd", marks=(pytest.mark.root, pytest.mark.dockerd)),
)


@pytest.fixture(scope="session", params=ENGINES)
def docker_host(request: pytest.FixtureRequest) -> str:
    """Return the address of an engine that has the catalogue's images."""
    named = os.environ.get("DOCKER_HOST")
    if named:
        if request.param != "stocked_lab":
            pytest.skip("DOCKER_HOST names the one engine to test")
        return named
    host: str = request.getfixturevalue(request.param).host
    return host


@pytest.fixture
def learner(docker_host: str, tmp_path: Path) -> Iterator[Path]:
    """Return a learner's empty folder; afterwards nothing of chapter 5 is left."""
    run_labkit("reset", "chapter05", host=docker_host, home=tmp_path)
    yield tmp_path
    run_labkit("reset", "chapter05", host=docker_host, home=tmp_path)
