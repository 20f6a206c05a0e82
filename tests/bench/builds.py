"""Builds to time: twenty cheap steps, cold and cached, and a context of 200 MB."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines import TEST_IMAGE, Engine

STEPS = 20
FOLDERS, FILES = 200, 100
FILE_BYTES = 10 << 10
_NAME = "bench-build"


def build_cold(engine: Engine) -> float:
    """Time twenty commands that nobody has done yet."""
    with _steps() as folder:
        return _timed(engine, folder, "--no-cache")


def build_cached(engine: Engine) -> float:
    """Time the same with all of it in the cache."""
    with _steps() as folder:
        _build(engine, folder)
        return _timed(engine, folder)


def build_large_context(engine: Engine) -> float:
    """Time a COPY of twenty thousand files, 200 MB together."""
    with _context("COPY . /app/\n") as folder:
        content = os.urandom(FILE_BYTES)
        for number in range(FOLDERS):
            below = folder / str(number)
            below.mkdir()
            for file in range(FILES):
                start = f"{number} {file} ".encode()
                (below / str(file)).write_bytes(start + content[len(start) :])
        return _timed(engine, folder, "--no-cache")


@contextmanager
def _steps() -> Iterator[Path]:
    with _context("".join(f"RUN echo {n} > /{n}\n" for n in range(STEPS))) as folder:
        yield folder


@contextmanager
def _context(steps: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "Dockerfile").write_text(f"FROM {TEST_IMAGE}\n{steps}")
        yield Path(made)


def _timed(engine: Engine, folder: Path, *options: str) -> float:
    begin = time.perf_counter()
    _build(engine, folder, *options)
    return time.perf_counter() - begin


def _build(engine: Engine, folder: Path, *options: str) -> None:
    done = engine.docker("build", "-q", "-t", _NAME, *options, str(folder), timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{engine.name}: docker build: {done.stderr}")
