"""``--chmod``: ``0755``, or the letters of chmod(1) such as ``u=rwX,go=rX``."""

import re
import stat

from labkit.base.errors import InvalidInputError
from labkit.builder.copying import ModeRule

_OCTAL = re.compile("[0-7]{1,5}")
_CLAUSE = re.compile("([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)")
_ACTION = re.compile("([-+=])([rwxXst]*[ugo]?)")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_BITS = {"r": 4, "w": 2, "x": 1}
_MOST = 0o7777


def parse_chmod(text: str) -> ModeRule:
    """Return what a mode becomes.

    Raises:
        InvalidInputError: it is neither; the text is BuildKit's.
    """
    if text.lstrip("0123456789") == "":
        if not _OCTAL.fullmatch(text) or int(text, 8) > _MOST:
            raise InvalidInputError(
                f"invalid chmod parameter: '{text}'. it should be octal string and "
                "between 0 and 07777"
            )
        fixed = int(text, 8)
        return lambda mode, is_folder: fixed
    clauses = [_CLAUSE.fullmatch(clause) for clause in text.split(",")]
    if None in clauses:
        raise InvalidInputError(f"invalid mode: '{text}'")
    read = [(match[1], _ACTION.findall(match[2])) for match in clauses if match]

    def change(mode: int, is_folder: bool) -> int:
        for who, actions in read:
            for sign, letters in actions:
                mode = _apply(mode, who or "a", sign, letters, is_folder)
        return mode

    return change


def fixed_mode(text: str) -> int | None:
    """Return the mode of an octal ``--chmod``, which made folders get, too."""
    return int(text, 8) if _OCTAL.fullmatch(text) else None


def _apply(mode: int, who: str, sign: str, letters: str, is_folder: bool) -> int:
    for one in "ugo" if "a" in who else who:
        bits = _bits(mode, one, letters, is_folder)
        mask = 7 << _SHIFTS[one] | _special(one, "st")
        if sign == "=":
            mode = mode & ~mask | bits
        else:
            mode = mode | bits if sign == "+" else mode & ~bits
    return mode


def _bits(mode: int, one: str, letters: str, is_folder: bool) -> int:
    found = 0
    for letter in letters:
        if letter in _SHIFTS:
            found |= mode >> _SHIFTS[letter] & 7
        elif letter == "X":
            found |= 1 if is_folder or mode & 0o111 else 0
        else:
            found |= _BITS.get(letter, 0)
    return found << _SHIFTS[one] | _special(one, letters)


def _special(one: str, letters: str) -> int:
    found = 0
    if "s" in letters:
        found |= {"u": stat.S_ISUID, "g": stat.S_ISGID}.get(one, 0)
    if "t" in letters and one == "o":
        found |= stat.S_ISVTX
    return found
