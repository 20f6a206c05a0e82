"""The engines on which the course is run: ours and a real dockerd, or a named one.

``DOCKER_HOST`` names an engine that has the catalogue's images already; without it
each engine is started and gets them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.course.load import book_folder, load_book
from tests.course.learner import run_labkit

LAB = pytest.param("stocked_lab", marks=pytest.mark.root)
DOCKERD = pytest.param("stocked_dockerd", marks=(pytest.mark.root, pytest.mark.dockerd))
ENGINES = (LAB, DOCKERD)
CHAPTERS = tuple(chapter.name for chapter in load_book(book_folder()))
THOROUGH = bool(os.environ.get("LABKIT_TEST_THOROUGH"))
"""Try everything on both engines, and twice: `make thorough`. CI takes a part of it."""


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
    """Return a learner's empty folder; afterwards nothing of the course is left."""
    run_labkit("reset", host=docker_host, home=tmp_path)
    yield tmp_path
    run_labkit("reset", host=docker_host, home=tmp_path)
