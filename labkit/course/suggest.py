"""``did you mean``: one sentence for a word that we don't know."""

import difflib
from collections.abc import Iterable


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean X?)``, or what is known where nothing is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if near:
        return f" (did you mean {near[0]}?)"
    return f" (known: {', '.join(names)})" if names else ""
