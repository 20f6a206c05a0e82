"""The engines on which the course is run: ours and a real dockerd, or a named one.

``DOCKER_HOST`` names an engine that has the catalogue's images already; without it
each engine is started and gets them.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.course.load import book_folder, load_book
from tests.course.learner import run_labkit
from tests.engines import OurEngine, put_images

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


@pytest.fixture(scope="session")
def island() -> Iterator[tuple[str, ...]]:
    """Give a command's beginning that moves it to a network without a way out."""
    up = "ip link set lo up && echo ready; exec cat"
    command = ["unshare", "--net", "sh", "-c", up]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n"
        yield ("nsenter", f"--net=/proc/{holder.pid}/ns/net", "--")
        holder.stdin.close()  # `cat` ends, and with it the namespace


@pytest.fixture(scope="session")
def lonely_lab(island: tuple[str, ...]) -> Iterator[OurEngine]:
    """Give ours with the bundled images, on the island: it can ask nobody outside."""
    engine = OurEngine()
    engine.before = island
    with engine:
        put_images(engine)
        yield engine


@pytest.fixture
def learner(docker_host: str, tmp_path: Path) -> Iterator[Path]:
    """Return a learner's empty folder; afterwards nothing of the course is left."""
    run_labkit("reset", host=docker_host, home=tmp_path)
    yield tmp_path
    run_labkit("reset", host=docker_host, home=tmp_path)
