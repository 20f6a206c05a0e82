"""Measure our engine beside a real dockerd, in one run, as ratios.

    python -m tests.bench.run [--pairs N] [--json FILE] [--check]

Both engines are started on data roots of their own; each work runs alternately
(ours, theirs, ours, theirs, ...) by the same docker command line, so that a noisy
neighbour meets both. Absolute times mean little; the ratio of medians is the figure.
``--check`` exits 1 when a ratio is over its budget.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.engines import OurEngine, RealDockerd, load_busybox

CROWD = 50


@dataclass(frozen=True)
class Work:
    """Something to time; ``budget`` is the highest ratio of ours to theirs."""

    name: str
    budget: float
    run: Callable[[str], float]  # DOCKER_HOST -> seconds
    pairs: int | None = None


@dataclass(frozen=True)
class Figure:
    name: str
    ours_ms: float
    theirs_ms: float
    ratio: float
    spread_ms: tuple[float, float]
    budget: float

    @property
    def held(self) -> bool:
        return self.ratio <= self.budget


def docker(host: str, *arguments: str) -> str:
    result = subprocess.run(
        ["docker", *arguments],
        env={**os.environ, "DOCKER_HOST": host},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def run_true(host: str) -> float:
    return timed(lambda: docker(host, "run", "--rm", "busybox", "true"))


def exec_true(host: str) -> float:
    return timed(lambda: docker(host, "exec", "bench-idle", "true"))


def start_and_remove_crowd(host: str) -> float:
    names = [f"bench-{number}" for number in range(CROWD)]

    def crowd() -> None:
        for name in names:
            docker(host, "run", "-d", "--name", name, "busybox", "sleep", "1000")
        docker(host, "rm", "-f", *names)

    return timed(crowd)


WORKS = (
    Work("docker run --rm busybox true", 0.33, run_true),
    Work("docker exec true", 0.30, exec_true),
    Work("50 containers started and removed", 0.25, start_and_remove_crowd, pairs=1),
)


def measure(work: Work, ours: str, theirs: str, pairs: int) -> Figure:
    """Time a work on both engines alternately; the first round warms up."""
    times: dict[str, list[float]] = {ours: [], theirs: []}
    rounds = work.pairs or pairs
    warm_up = 0 if work.pairs else 1
    for turn in range(rounds + warm_up):
        for host in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
            seconds = work.run(host)
            if turn >= warm_up:
                times[host].append(seconds * 1000)
    mine, other = statistics.median(times[ours]), statistics.median(times[theirs])
    spread = (min(times[ours]), max(times[ours]))
    return Figure(work.name, mine, other, mine / other, spread, work.budget)


def engine_start_ms(folder: Path, rounds: int = 5) -> list[float]:
    """Time ``engine start`` until the API answers, on a data root in use."""
    times = []
    for _ in range(rounds):
        engine = OurEngine(folder)
        times.append(timed(engine.start) * 1000)
        engine.stop()
    return times


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="lkbench") as folder:
        starts = engine_start_ms(Path(folder) / "start")
        ours = OurEngine(Path(folder) / "ours")
        theirs = RealDockerd(Path(folder) / "theirs")
        try:
            ours.start()
            theirs.start()
            figures = measure_all(ours.docker_host, theirs.docker_host, options.pairs)
        finally:
            ours.stop()
            theirs.stop()
    report(figures, starts)
    if options.json:
        document = {"figures": [asdict(f) for f in figures], "start_ms": starts}
        options.json.write_text(json.dumps(document, indent=1))
    late = statistics.median(starts) > 1000
    return 1 if options.check and (late or not all(f.held for f in figures)) else 0


def measure_all(ours: str, theirs: str, pairs: int) -> list[Figure]:
    for host in (ours, theirs):
        load_busybox(host)
        docker(host, "run", "-d", "--name", "bench-idle", "busybox", "sleep", "10000")
    figures = [measure(work, ours, theirs, pairs) for work in WORKS]
    for host in (ours, theirs):
        docker(host, "rm", "-f", "bench-idle")
    return figures


def report(figures: list[Figure], starts: list[float]) -> None:
    print(f"{'work':36} {'ours ms':>9} {'dockerd ms':>11} {'ratio':>6} {'budget':>7}")
    for figure in figures:
        verdict = "" if figure.held else "  OVER"
        print(
            f"{figure.name:36} {figure.ours_ms:9.1f} {figure.theirs_ms:11.1f}"
            f" {figure.ratio:6.2f} {figure.budget:7.2f}{verdict}"
        )
    median = statistics.median(starts)
    print(f"engine start until the API answers: {median:.0f} ms (budget 1000)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
