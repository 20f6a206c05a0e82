"""What people type for a chapter or an exercise, and what it is called here.

chapter05   chapter5  ch05  ch5  05  5
c05-e2      C5-E2  c5e2  5-2
"""

import re

_CHAPTER = re.compile(r"(?:chapter|ch|c)?[ -]?0*([0-9]{1,2})", re.IGNORECASE)
_EXERCISE = re.compile(r"c?0*([0-9]{1,2})(?:-?e|-)0*([0-9]{1,2})", re.IGNORECASE)
_EXERCISE_ID = re.compile(r"c([0-9][0-9])-e[0-9]+")


def spell_chapter(typed: str) -> str:
    """Return a chapter's name; what looks like none comes back as it was typed."""
    match = _CHAPTER.fullmatch(typed.strip())
    return f"chapter{int(match[1]):02}" if match else typed


def spell_exercise(typed: str) -> str:
    """Return an exercise's id; what looks like none comes back as it was typed."""
    match = _EXERCISE.fullmatch(typed.strip())
    return f"c{int(match[1]):02}-e{int(match[2])}" if match else typed


def is_exercise(name: str) -> bool:
    """Say whether a name is spelled as an exercise's id."""
    return _EXERCISE_ID.fullmatch(name) is not None


def chapter_of(exercise_id: str) -> str:
    """Return the chapter to which an exercise's id belongs."""
    match = _EXERCISE_ID.fullmatch(exercise_id)
    assert match is not None
    return f"chapter{match[1]}"
