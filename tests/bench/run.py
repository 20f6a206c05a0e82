"""Measure our engine beside a real dockerd, in one run, as ratios.

    python -m tests.bench.run [--pairs N] [--json FILE] [--check]

Both engines are started on data roots of their own; each work runs alternately
(ours, theirs, ours, theirs, ...) by the same docker command line, so that a noisy
neighbour meets both. Absolute times mean little; the ratio of medians is the figure.
``--check`` exits 1 when a ratio is over its budget.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.engines import (
    TEST_IMAGE,
    Engine,
    OurEngine,
    busybox_archive,
    real_engine,
)

CROWD = 50
START_BUDGET_MS = 1000


@dataclass(frozen=True)
class Work:
    """Something to time; ``budget`` is the highest ratio of ours to theirs."""

    name: str
    budget: float
    run: Callable[[Engine], float]  # seconds
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


def docker(engine: Engine, *arguments: str) -> None:
    done = engine.docker(*arguments)
    if done.returncode != 0:
        raise RuntimeError(f"{engine.name}: docker {arguments[0]}: {done.stderr}")


def timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def run_true(engine: Engine) -> float:
    return timed(lambda: docker(engine, "run", "--rm", TEST_IMAGE, "true"))


def exec_true(engine: Engine) -> float:
    return timed(lambda: docker(engine, "exec", "bench-idle", "true"))


def start_and_remove_crowd(engine: Engine) -> float:
    names = [f"bench-{number}" for number in range(CROWD)]

    def crowd() -> None:
        for name in names:
            docker(engine, "run", "-d", "--name", name, TEST_IMAGE, "sleep", "1000")
        docker(engine, "rm", "-f", *names)

    return timed(crowd)


WORKS = (
    Work("docker run --rm busybox true", 0.33, run_true),
    Work("docker exec true", 0.30, exec_true),
    Work("50 containers started and removed", 0.25, start_and_remove_crowd, pairs=1),
)


def measure(work: Work, ours: Engine, theirs: Engine, pairs: int) -> Figure:
    """Time a work on both engines alternately; the first round warms up."""
    times: dict[str, list[float]] = {ours.name: [], theirs.name: []}
    rounds = work.pairs or pairs
    warm_up = 0 if work.pairs else 1
    for turn in range(rounds + warm_up):
        for engine in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
            seconds = work.run(engine)
            if turn >= warm_up:
                times[engine.name].append(seconds * 1000)
    mine = statistics.median(times[ours.name])
    other = statistics.median(times[theirs.name])
    spread = (min(times[ours.name]), max(times[ours.name]))
    return Figure(work.name, mine, other, mine / other, spread, work.budget)


def engine_starts_ms(engine: OurEngine, rounds: int = 5) -> list[float]:
    """Time starts until the API answers, on a data root that holds an image."""
    times = []
    for _ in range(rounds):
        engine.stop()
        times.append(timed(engine.start) * 1000)
    return times


def measure_all(pairs: int) -> tuple[list[Figure], list[float]]:
    with OurEngine() as ours, real_engine() as theirs:
        engines = (ours, theirs)
        for engine in engines:
            engine.load(busybox_archive(TEST_IMAGE))
        starts = engine_starts_ms(ours)
        try:
            for engine in engines:
                idle = ("--name", "bench-idle", TEST_IMAGE, "sleep", "10000")
                docker(engine, "run", "-d", *idle)
            figures = [measure(work, ours, theirs, pairs) for work in WORKS]
        finally:
            for engine in engines:
                docker(engine, "rm", "-f", "bench-idle")
    return figures, starts


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    figures, starts = measure_all(options.pairs)
    report(figures, starts)
    if options.json:
        document = {"figures": [asdict(f) for f in figures], "start_ms": starts}
        options.json.write_text(json.dumps(document, indent=1))
    late = statistics.median(starts) > START_BUDGET_MS
    over = late or not all(figure.held for figure in figures)
    return 1 if options.check and over else 0


def report(figures: list[Figure], starts: list[float]) -> None:
    print(f"{'work':36} {'ours ms':>9} {'dockerd ms':>11} {'ratio':>6} {'budget':>7}")
    for figure in figures:
        verdict = "" if figure.held else "  OVER"
        print(
            f"{figure.name:36} {figure.ours_ms:9.1f} {figure.theirs_ms:11.1f}"
            f" {figure.ratio:6.2f} {figure.budget:7.2f}{verdict}"
        )
    median = statistics.median(starts)
    print(
        f"engine start until the API answers: {median:.0f} ms"
        f" (budget {START_BUDGET_MS})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
