"""Which edition of an exercise was graded: a digest of all that decides its report.

Hints, solutions and an author's attempts may change and a receipt stays good; a
check, a value, a title or the debrief may not.
"""

import hashlib
import json
from typing import Any

from labkit.grading.load import load_source
from labkit.grading.model import Exercise

_DECIDING = ("id", "title", "values", "checks", "live", "debrief", "points")


def edition_of(exercise: Exercise) -> str:
    """Return the digest of an exercise that was loaded from a file."""
    assert exercise.path is not None
    return edition_of_tree(load_source(exercise.path).tree)


def edition_of_tree(tree: dict[str, Any]) -> str:
    """Return the digest of a parsed exercise."""
    deciding = {key: tree.get(key) for key in _DECIDING}
    deciding["has_setup"] = tree.get("setup") is not None  # a finding points to it
    text = json.dumps(deciding, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
