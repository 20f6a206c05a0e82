"""Measure our engine beside a real dockerd, in one run, as ratios.

    python -m tests.bench.run [--pairs N] [--out DIR] [--quick] [--check] [--accept]

Each work runs alternately (ours, theirs, theirs, ours, ...) by the same docker command
line, so that a noisy neighbour meets both. Absolute times mean little; the ratio of
medians is the figure. The last accepted figures lie in ``accepted.json`` beside this
file and are shown next to the new ones; ``--accept`` replaces them. ``--check`` exits 1
when a ratio is over its budget. Into DIR go ``bench.json`` and the charts.
"""

import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench import floors
from tests.bench.charts import draw_bars, draw_lines
from tests.bench.growth import measure_growth
from tests.bench.lab import find_late, measure_lab
from tests.bench.memory import measure_memory
from tests.bench.transfers import open_transfers
from tests.bench.works import (
    IDLE,
    SERVER,
    WORKS,
    Work,
    docker,
    start_server,
)
from tests.engines import TEST_IMAGE, Engine, OurEngine, busybox_archive, real_engine

ACCEPTED = Path(__file__).with_name("accepted.json")
MEMORY_BUDGET = 0.5
START_BUDGET_MS = 500


@dataclass(frozen=True)
class Figure:
    """One work on both engines."""

    name: str
    ours_ms: float
    theirs_ms: float
    ratio: float
    spread_ms: tuple[float, float]
    budget: float

    @property
    def held(self) -> bool:
        return self.ratio <= self.budget


def measure(work: Work, ours: Engine, theirs: Engine, pairs: int) -> Figure:
    """Time a work on both engines alternately; the first round warms up."""
    times: dict[str, list[float]] = {ours.name: [], theirs.name: []}
    rounds = min(work.pairs or pairs, pairs)
    warm_up = 0 if work.pairs == 1 else 1
    for turn in range(rounds + warm_up):
        for engine in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
            seconds = work.run(engine)
            if turn >= warm_up:
                times[engine.name].append(seconds * 1000)
    mine = statistics.median(times[ours.name])
    other = statistics.median(times[theirs.name])
    spread = (round(min(times[ours.name]), 1), round(max(times[ours.name]), 1))
    ratio = round(mine / other, 3)
    return Figure(
        work.name, round(mine, 1), round(other, 1), ratio, spread, work.budget
    )


def measure_transfers(ours: Engine, theirs: Engine, pairs: int) -> list[Figure]:
    with open_transfers() as transfers:
        works = transfers.works()
        return [measure(work, ours, theirs, pairs) for work in works]


def measure_all(pairs: int, quick: bool) -> dict[str, Any]:
    with OurEngine() as ours, real_engine() as theirs:
        engines = (ours, theirs)
        for engine in engines:
            engine.load(busybox_archive(TEST_IMAGE))
        growth = [] if quick else measure_growth(ours)
        try:
            for engine in engines:
                idle = ("--name", IDLE, TEST_IMAGE, "sleep", "10000")
                docker(engine, "run", "-d", *idle)
                start_server(engine)
            figures = [measure(work, ours, theirs, pairs) for work in WORKS]
            if not quick:
                figures += measure_transfers(ours, theirs, pairs)
            lows = {
                "five namespaces and true": floors.bare_namespaces(pairs),
                "runc run": floors.runc_run(pairs),
                "docker ps --quiet": floors.idle_command_line(ours, pairs),
            }
        finally:
            for engine in engines:
                engine.docker("rm", "-f", IDLE, SERVER)
        memory = {} if quick else measure_memory(ours, theirs)
        lab = measure_lab(ours, quick)
    return {
        "load": [round(value, 1) for value in os.getloadavg()],
        "figures": [asdict(figure) for figure in figures],
        "floors_ms": {
            name: round(statistics.median(times) * 1000, 1)
            for name, times in lows.items()
            if times
        },
        "memory_mb": memory,
        "growth": growth,
        "lab": lab,
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument(
        "--quick", action="store_true", help="no growth, no memory, no pull"
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--accept", action="store_true")
    options = parser.parse_args(argv)
    found = measure_all(options.pairs, options.quick)
    over = report(found)
    if options.out:
        write_out(options.out, found)
    if options.accept:
        ACCEPTED.write_text(json.dumps(found, indent=1) + "\n")
    return 1 if options.check and over else 0


def report(found: dict[str, Any]) -> list[str]:
    """Print all; return the names of what is over its budget."""
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    before = {row["name"]: row["ratio"] for row in accepted.get("figures", [])}
    print(f"load {found['load']}")
    print(
        f"{'work':36} {'ours ms':>9} {'spread':>17} {'dockerd ms':>11} "
        f"{'ratio':>6} {'was':>6} {'budget':>7}"
    )
    over = []
    for row in found["figures"]:
        figure = Figure(**row)
        low, high = figure.spread_ms
        was = before.get(figure.name, float("nan"))
        print(
            f"{figure.name:36} {figure.ours_ms:9.1f} {low:8.1f}-{high:8.1f} "
            f"{figure.theirs_ms:11.1f} {figure.ratio:6.2f} {was:6.2f} "
            f"{figure.budget:7.2f}{'' if figure.held else '  OVER'}"
        )
        over += [] if figure.held else [figure.name]
    for title in ("floors_ms", "memory_mb"):
        for name, value in found[title].items():
            print(f"{title:12} {name:40} {value:9.1f}")
    for row in found["growth"]:
        print("  ".join(f"{name} {value:g}" for name, value in row.items()))
    for row in found["lab"]:
        print(f"{row['name']:36} {row['seconds']:9.2f} s, budget {row['budget']} s")
    return over + _over_elsewhere(found)


def _over_elsewhere(found: dict[str, Any]) -> list[str]:
    over = find_late(found["lab"])
    memory = found["memory_mb"]
    if memory:
        ours, theirs = (memory[f"{name} with 50"] for name in ("labkit", "dockerd"))
        print(f"memory ratio {ours / theirs:.2f}, budget {MEMORY_BUDGET}")
        over += ["memory"] if ours / theirs > MEMORY_BUDGET else []
    for row in found["growth"]:
        late = row["containers"] <= 100 and row["engine start ms"] > START_BUDGET_MS
        over += [f"start with {row['containers']}"] if late else []
    return over


def write_out(folder: Path, found: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(found, indent=1) + "\n")
    rows = [(r["name"], r["ours_ms"], r["theirs_ms"]) for r in found["figures"]]
    draw_bars(folder / "latency.svg", "labkit (blue) beside dockerd (grey)", rows)
    if found["growth"]:
        draw_lines(folder / "growth.svg", "with more containers", found["growth"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
