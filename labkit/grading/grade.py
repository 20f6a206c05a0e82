"""Grade exercises: one snapshot of the world for all of them, then pure judging."""

from collections.abc import Sequence

from labkit.grading.judge import judge, probes_of
from labkit.grading.model import Exercise, Grade
from labkit.grading.observe import observe


def grade_exercises(
    docker_host: str, exercises: Sequence[Exercise]
) -> tuple[Grade, ...]:
    """Grade exercises against the engine at an address; changes nothing there."""
    probes = [probe for exercise in exercises for probe in probes_of(exercise)]
    seen = observe(docker_host, probes)
    return tuple(judge(exercise, seen) for exercise in exercises)
