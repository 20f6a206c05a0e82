"""Ids of containers, networks and execs: 64 hex digits, shown as twelve."""

import re
import secrets

SHORT_LENGTH = 12
_FULL = re.compile(r"[0-9a-f]{64}")


def new_id() -> str:
    """Return 64 random hex digits whose first twelve are not all decimal.

    Docker refuses such ids because a short one could be taken for a number
    (moby, pkg/stringid).
    """
    while True:
        candidate = secrets.token_hex(32)
        if not candidate[:SHORT_LENGTH].isdecimal():
            return candidate


def is_full_id(text: str) -> bool:
    return _FULL.fullmatch(text) is not None


def short_id(full: str) -> str:
    """Return the twelve digits that people see; a ``sha256:`` in front is dropped."""
    return full.removeprefix("sha256:")[:SHORT_LENGTH]
