"""The same commands typed at two command lines and at two engines.

(a) the real one at a real dockerd is what is right; (b) the real one at our engine,
(c) ours at our engine and (d) ours at dockerd must print the same, but for what
``differences.txt`` names, each with its reason.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from tests.contract.cli.scenes import Line, Scene, load_scenes
from tests.contract.cli.stage import Answer, Stage, real_command
from tests.engines import Engine, OurEngine

pytestmark = [
    pytest.mark.root,
    pytest.mark.slow,
    pytest.mark.dockerd,
    pytest.mark.timeout(900),
]

DIFFERENCES = Path(__file__).parent / "differences.txt"
LIKE = "28."
"""Whose looks the bundled one has."""

MOST_DIFFERENT = 0.02

Answers = dict[Line, Answer]


@pytest.fixture(scope="module")
def plays(
    lab_engine: OurEngine,
    real_dockerd: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Answers]:
    """Play all scenes on the four stages, the two engines side by side."""
    real = real_command()
    version = subprocess.run(
        [real, "--version"], capture_output=True, text=True, check=True
    )
    if f"version {LIKE}" not in version.stdout:
        pytest.skip(f"needs Docker's command line {LIKE}x: {version.stdout.strip()}")
    ours = ensure_bundled_docker(tmp_path_factory.mktemp("home"))
    scenes = load_scenes()
    sides = (
        [
            Stage(name, command, real_dockerd, True)
            for name, command in (("a", real), ("d", ours))
        ],
        [
            Stage(name, command, lab_engine, False)
            for name, command in (("b", real), ("c", ours))
        ],
    )
    with ThreadPoolExecutor(len(sides)) as pool:
        played = pool.map(lambda stages: _play(stages, scenes), sides)
        return {name: answers for side in played for name, answers in side.items()}


def _play(stages: list[Stage], scenes: list[Scene]) -> dict[str, Answers]:
    found: dict[str, Answers] = {}
    for stage in stages:
        answers: Answers = {}
        for scene in scenes:
            answers |= stage.play(scene)
        found[stage.name] = answers
    return found


@pytest.mark.parametrize("stage", ["b", "c", "d"])
def test_prints_what_the_real_one_prints_at_a_real_engine(
    stage: str, plays: dict[str, Answers]
) -> None:
    right = plays["a"]
    allowed = _allowed(stage)
    different = {
        line.name: (right[line], answer)
        for line, answer in plays[stage].items()
        if line in right and answer != right[line]
    }
    surprises = {name: pair for name, pair in different.items() if name not in allowed}
    assert surprises == {}


@pytest.mark.parametrize("stage", ["b", "c", "d"])
def test_hardly_anything_is_named_as_different(
    stage: str, plays: dict[str, Answers]
) -> None:
    # What no engine hears of is typed at one of them, and counts at each.
    share = len(_allowed(stage)) / len(plays["a"])
    assert share <= MOST_DIFFERENT, f"{share:.1%} of {len(plays['a'])} commands"


def test_each_difference_is_of_a_command_that_is_typed() -> None:
    typed = {line.name for scene in load_scenes() for line in scene.lines}
    for stage in "bcd":
        assert _allowed(stage) <= typed


def _allowed(stage: str) -> set[str]:
    """Return the names that may differ at a stage: ``[bc] reason`` heads a list."""
    names: set[str] = set()
    stages = ""
    for line in DIFFERENCES.read_text().splitlines():
        if line.startswith("["):
            stages = line[1 : line.index("]")]
        elif line and not line.startswith("#") and stage in stages:
            names.add(line)
    return names
