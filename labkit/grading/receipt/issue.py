"""Grade a chapter and write a receipt of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from labkit import __version__
from labkit.base.clock import Clock
from labkit.base.errors import InvalidInputError, UnavailableError
from labkit.grading.grade import observe_exercises
from labkit.grading.judge import judge
from labkit.grading.model import Exercise, Grade, Outcome
from labkit.grading.receipt.document import Receipt, write_receipt
from labkit.grading.receipt.edition import edition_of
from labkit.grading.receipt.key import learner_key
from labkit.grading.report.document import report_document
from labkit.grading.values import learner_seed

_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who asks for a receipt, and whether one with gaps will do."""

    name: str
    clock: Clock
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt as text, and the grades that stand in it."""

    text: str
    grades: tuple[Grade, ...]


def issue_receipt(
    docker_host: str, exercises: Sequence[Exercise], home: Path, who: Issuer
) -> Issued:
    """Grade the exercises of one chapter, and sign what was seen.

    Raises:
        UnavailableError: something could not be checked: an outage is no grade.
    """
    name = who.name
    if len(name) > _NAME_LENGTH or not name.isprintable():
        raise InvalidInputError(
            f"a name has at most {_NAME_LENGTH} letters and no control characters"
        )
    key = learner_key(home)
    seen = observe_exercises(docker_host, exercises)
    grades = tuple(judge(exercise, seen) for exercise in exercises)
    _refuse_an_outage(grades, who.partial)
    (chapter,) = {exercise.chapter for exercise in exercises}
    receipt = Receipt(
        chapter=chapter,
        issued=_spell_time(who.clock.now_ns()),
        labkit=__version__,
        name=name,
        seed=learner_seed(home),
        editions={exercise.id: edition_of(exercise) for exercise in exercises},
        observation=seen,
        report=report_document(grades),
    )
    return Issued(write_receipt(receipt, key), grades)


def _refuse_an_outage(grades: Sequence[Grade], partial: bool) -> None:
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    unsure = [item for item in verdicts if item.outcome is Outcome.COULD_NOT_CHECK]
    if not unsure or (partial and len(unsure) < len(verdicts)):
        return
    raise UnavailableError(
        f"could not check {len(unsure)} of {len(verdicts)} checks, so no receipt: "
        f"{unsure[0].reason}"
    )


def _spell_time(time_ns: int) -> str:
    moment = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
