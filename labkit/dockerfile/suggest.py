"""``did you mean RUN?``: the nearest of several words, if one is near enough."""

from collections.abc import Iterable

_TOO_FAR = 3


def with_suggestion(
    message: str, word: str, options: Iterable[str], *, any_case: bool = False
) -> str:
    """Return a message, with the option that was probably meant in parentheses."""
    meant = nearest(word.lower() if any_case else word, options)
    if meant and any_case:
        meant = _in_case_of(word, meant)
    return f"{message} (did you mean {meant}?)" if meant else message


def nearest(word: str, options: Iterable[str]) -> str:
    """Return the first of the options with the fewest edits, under three of them.

    The word itself among the options means that the word isn't what is wrong.
    """
    best, fewest = "", _TOO_FAR
    for option in options:
        if option == word:
            return ""
        if abs(len(option) - len(word)) < fewest:
            edits = _distance(word, option)
            if edits < fewest:
                best, fewest = option, edits
    return best


def _in_case_of(word: str, option: str) -> str:
    if word == word.lower():
        return option.lower()
    return option.upper() if word == word.upper() else option


def _distance(one: str, other: str) -> int:
    """Count the letters to insert, delete or replace (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1]
