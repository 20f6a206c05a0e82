"""Receipts for tests: of a chapter that exists, seen on an engine that is made up."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labkit.grading.judge import judge, probes_of
from labkit.grading.load import load_exercises
from labkit.grading.model import Exercise
from labkit.grading.probes import Answer, NetworkProbe, Observation, Probe
from labkit.grading.receipt.document import Receipt, write_receipt
from labkit.grading.receipt.edition import edition_of
from labkit.grading.receipt.key import learner_key
from labkit.grading.report.document import report_document
from tests.unit.grading.build import make_network

CHAPTER = "chapter05"
SEED = "ada"


def make_key(folder: Path) -> Ed25519PrivateKey:
    return learner_key(folder)


def make_receipt(**changes: Any) -> Receipt:
    """Make a receipt of a learner who has made the network of the first exercise."""
    exercises = load_exercises(CHAPTER, SEED)
    seen = changes.pop("observation", None) or see_networks(exercises)
    report = changes.pop("report", None)
    if report is None:
        report = report_document([judge(exercise, seen) for exercise in exercises])
    fields: dict[str, Any] = {
        "chapter": CHAPTER,
        "issued": "2026-11-28T17:00:00Z",
        "labkit": "0.1.0",
        "name": "Ada",
        "seed": SEED,
        "editions": {exercise.id: edition_of(exercise) for exercise in exercises},
        "observation": seen,
        "report": report,
    }
    return Receipt(**(fields | changes))


def see_networks(exercises: tuple[Exercise, ...]) -> Observation:
    """Make a world in which every network is there, and nothing else."""
    answers: dict[Probe, Answer] = {}
    for exercise in exercises:
        for probe in probes_of(exercise):
            is_network = isinstance(probe, NetworkProbe)
            answers[probe] = make_network(probe.name) if is_network else None
    return Observation(answers)


def make_text(folder: Path, **changes: Any) -> str:
    return write_receipt(make_receipt(**changes), make_key(folder))


def tamper(text: str, *place: str | int, value: Any) -> bytes:
    """Change one value of a document, as somebody with an editor would."""
    document = json.loads(text)
    part = document
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return json.dumps(document).encode()
