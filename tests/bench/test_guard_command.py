"""The bundled ``docker`` starts at once: it asks and computes no more than it did.

``docker ps`` is to take 60 ms in all, of which a bare interpreter takes a third; on a
busy machine a clock says nothing of that, and these two counts do.
"""

import functools
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from tests.bench.counting import processor_ratio
from tests.engines import TEST_IMAGE, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow]

PS = ("ps",)
RUN = ("run", "--rm", TEST_IMAGE, "true")
MORE_CALLS = {PS: 540, RUN: 698}
"""System calls beside those of an interpreter that does nothing."""
TOLERANCE = 1.1

YARDSTICKS = {PS: 0.21, RUN: 0.27}
"""Processor time, in starts of a Python interpreter that imports asyncio."""
CPU_TOLERANCE = 1.3


@pytest.fixture
def script(lab_engine: OurEngine, tmp_path: Path) -> Path:
    """Return the command's script, its modules compiled by having run once."""
    found = ensure_bundled_docker(tmp_path)
    for words in MORE_CALLS:
        subprocess.run([found, *words], env=_environ(lab_engine), check=True)
    return found


def _environ(engine: OurEngine) -> dict[str, str]:
    return {**engine.environ(), "HOME": "/nonexistent"}


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_asks_the_kernel_no_oftener(lab_engine: OurEngine, script: Path) -> None:
    interpreter = script.read_text().splitlines()[0].removeprefix("#!").split()
    bare = _calls([*interpreter, "-c", "pass"], lab_engine)
    found = {
        words: _calls([str(script), *words], lab_engine) - bare for words in MORE_CALLS
    }
    limits = {words: calls * TOLERANCE for words, calls in MORE_CALLS.items()}
    assert {w: c for w, c in found.items() if c > limits[w]} == {}, found


def test_takes_no_more_processor_time(lab_engine: OurEngine, script: Path) -> None:
    limits = {words: most * CPU_TOLERANCE for words, most in YARDSTICKS.items()}
    found = {}
    for words, most in limits.items():
        cost = functools.partial(_milliseconds, [str(script), *words], lab_engine)
        found[words] = processor_ratio(cost, most)
    assert {w: r for w, r in found.items() if r > limits[w]} == {}, found


def _calls(command: list[str], engine: OurEngine) -> int:
    with tempfile.NamedTemporaryFile("r", prefix="lk-strace-") as trace:
        traced = ["strace", "-f", "-qq", "-o", trace.name, *command]
        subprocess.run(traced, env=_environ(engine), capture_output=True, check=True)
        return sum(1 for _ in trace)


def _milliseconds(command: list[str], engine: OurEngine) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=_environ(engine), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds * 1000
