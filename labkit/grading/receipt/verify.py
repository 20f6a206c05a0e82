"""Verify a receipt: its signature, then its grade, by judging once more.

The grade that counts is the one that comes out here, of what was seen there. What a
signature says is who made the receipt, not that their engine told the truth.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labkit import __version__
from labkit.base.errors import InvalidInputError, LabError, NotFoundError
from labkit.grading.judge import judge
from labkit.grading.load import load_exercises
from labkit.grading.model import Exercise, Grade, Outcome
from labkit.grading.probes import Container, Network
from labkit.grading.receipt.document import (
    NewerReceiptError,
    Receipt,
    SignedReceipt,
    canonical_bytes,
    read_receipt,
)
from labkit.grading.receipt.edition import edition_of
from labkit.grading.report.document import report_document


class Standing(enum.Enum):
    """What came of verifying."""

    VALID = "valid"
    NOT_VALID = "not valid"
    COULD_NOT_CHECK = "could not check"


@dataclass(frozen=True, slots=True)
class Verified:
    """One receipt: how it stands, why, and the grades that its replay gave."""

    standing: Standing
    reason: str = ""
    signed: SignedReceipt | None = None
    grades: tuple[Grade, ...] = ()

    @property
    def points(self) -> int:
        return sum(grade.points for grade in self.grades)

    @property
    def unchecked(self) -> int:
        """Return how many checks got no answer where the receipt was made."""
        verdicts = [item for grade in self.grades for item in grade.verdicts]
        return sum(item.outcome is Outcome.COULD_NOT_CHECK for item in verdicts)

    @property
    def possible(self) -> int:
        return sum(grade.possible for grade in self.grades)


def verify_receipt(data: bytes, trusted: Mapping[str, str] | None = None) -> Verified:
    """Verify a receipt's bytes; with ``trusted``, by one of these keys only.

    ``trusted`` names keys by their fingerprints.
    """
    try:
        signed = read_receipt(data)
    except NewerReceiptError as error:
        return Verified(Standing.COULD_NOT_CHECK, error.message)
    except InvalidInputError as error:
        return Verified(Standing.NOT_VALID, error.message)
    if trusted is not None and signed.fingerprint not in trusted:
        reason = f"its key {signed.fingerprint} is none of those that were named"
        return Verified(Standing.NOT_VALID, reason, signed)
    return _replay(signed)


def find_twins(verified: Mapping[str, Verified]) -> dict[str, str]:
    """Return receipts that show the very things of another one, under another key.

    Names of receipts, each with the name of the first one that had the things: a
    shared engine, or a copied world.
    """
    owners: dict[str, str] = {}
    twins: dict[str, str] = {}
    signed = {name: item.signed for name, item in verified.items() if item.signed}
    for name, receipt in signed.items():
        for thing in sorted(_things(receipt)):
            first = owners.setdefault(thing, name)
            if signed[first].key != receipt.key:
                twins.setdefault(name, first)
    return twins


def _replay(signed: SignedReceipt) -> Verified:
    receipt = signed.receipt
    try:
        exercises = load_exercises(receipt.chapter, receipt.seed)
    except NotFoundError:
        reason = f"this course has no chapter {receipt.chapter!r}"
        return Verified(Standing.COULD_NOT_CHECK, reason, signed)
    except LabError as error:
        return Verified(Standing.COULD_NOT_CHECK, error.message, signed)
    if difference := _other_edition(receipt, exercises):
        reason = f"{difference}: use the course with which it was made"
        return Verified(Standing.COULD_NOT_CHECK, reason, signed)
    try:
        grades = tuple(judge(exercise, receipt.observation) for exercise in exercises)
    except Exception as error:  # noqa: BLE001 - who signs may write down anything
        reason = f"what it says was seen can't be: {type(error).__name__}: {error}"
        return Verified(Standing.NOT_VALID, reason, signed)
    return _compare(signed, grades)


def _compare(signed: SignedReceipt, grades: tuple[Grade, ...]) -> Verified:
    replayed = report_document(grades)
    # By their bytes: True == 1 == 1.0, and no report says it in that way.
    if canonical_bytes(signed.receipt.report) == canonical_bytes(replayed):
        return Verified(Standing.VALID, signed=signed, grades=grades)
    made_by = signed.receipt.labkit
    if made_by != __version__:  # its words may be others, and some verdicts
        reason = (
            f"it comes out otherwise here: it was made with labkit {made_by}, and this "
            f"is {__version__}: use that one"
        )
        return Verified(Standing.COULD_NOT_CHECK, reason, signed, grades)
    said = signed.receipt.report.get("points")
    reason = (
        f"its report is not what its observation gives: it says {said} points, "
        f"judged once more it has {replayed['points']}"
    )
    return Verified(Standing.NOT_VALID, reason, signed, grades)


def _other_edition(receipt: Receipt, exercises: Sequence[Exercise]) -> str | None:
    here = {exercise.id: edition_of(exercise) for exercise in exercises}
    for name in receipt.editions:
        if name not in here:
            return f"this course has no exercise {name!r}"
    for name, edition in here.items():
        if name not in receipt.editions:
            return f"it has no exercise {name}, which this course has"
        if receipt.editions[name] != edition:
            return f"it was made with another version of exercise {name}"
    return None


def _things(signed: SignedReceipt) -> set[str]:
    """Return the ids of what was seen: no two engines make the same ones."""
    answers = signed.receipt.observation.answers.values()
    return {item.id for item in answers if isinstance(item, Container | Network)}
