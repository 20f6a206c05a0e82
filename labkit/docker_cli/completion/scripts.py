"""Lines for shells, so that Tab asks the command itself: ``docker __complete``.

They work with Docker's own command, too: the protocol is the same (see ``completing``).
"""

from __future__ import annotations

import os

_HERE = os.path.dirname(os.path.abspath(__file__))
_WITHOUT_WORDS = ("__complete ", "__completeNoDesc ")


def script_of(shell: str, described: bool = True) -> str:
    """Return what a shell reads; ``described``: a word about each candidate."""
    with open(os.path.join(_HERE, f"script.{shell}"), encoding="utf-8") as file:
        text = file.read()
    return text if described else text.replace(*_WITHOUT_WORDS)
