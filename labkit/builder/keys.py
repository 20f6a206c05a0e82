"""Names for what a step does: two steps of one key have the same result.

A key is the digest of words, each with its length in front, so that no two lists of
words have the same key.
"""

import hashlib
import os

from labkit.base.digest import Digest


def digest_of(*words: str | bytes) -> str:
    """Return the key of some words."""
    total = hashlib.sha256()
    for word in words:
        data = word if isinstance(word, bytes) else os.fsencode(word)
        total.update(b"%d:" % len(data))
        total.update(data)
    return Digest("sha256:" + total.hexdigest()).hex
