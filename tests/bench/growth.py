"""How our engine does when there are more and more containers."""

import statistics
import subprocess
from pathlib import Path

from tests.bench.memory import pss
from tests.bench.works import run_true, timed
from tests.engines import TEST_IMAGE, OurEngine

STEPS = (1, 10, 100, 500)
_ROUNDS = 5


def measure_growth(engine: OurEngine) -> list[dict[str, float]]:
    """Return a row for each number of stopped containers that are kept."""
    made: list[str] = []
    rows = []
    for count in STEPS:
        while len(made) < count:
            body = {"Image": TEST_IMAGE, "Cmd": ["true"]}
            made.append(engine.json("POST", "/containers/create", body)[1]["Id"])
        rows.append({"containers": count, **_look(engine)})
    for container in made:
        engine.request("DELETE", f"/containers/{container}")
    return rows


def _look(engine: OurEngine) -> dict[str, float]:
    starts = [_restart(engine) for _ in range(3)]
    runs = [run_true(engine) for _ in range(_ROUNDS)]
    listings = [
        timed(lambda: engine.request("GET", "/containers/json?all=1"))
        for _ in range(_ROUNDS)
    ]
    assert engine.process is not None
    return {
        "engine start ms": _median_ms(starts),
        "docker run ms": _median_ms(runs),
        "ps ms": _median_ms(listings),
        "daemon MB": round(pss(engine.process.pid) / 1e6, 1),
        "disk MB": round(_disk_bytes(engine.data_root) / 1e6, 1),
    }


def _restart(engine: OurEngine) -> float:
    engine.stop()
    return timed(engine.start)


def _median_ms(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 1)


def _disk_bytes(folder: Path) -> int:
    done = subprocess.run(["du", "-sk", folder], capture_output=True, check=True)
    return int(done.stdout.split()[0]) << 10
