"""From a line of an image's history back to the Dockerfile's.

The classic builder writes ``/bin/sh -c #(nop)  CMD ["sh"]`` and ``/bin/sh -c make``,
BuildKit ``CMD ["sh"]`` and ``RUN /bin/sh -c make # buildkit``; with build arguments
there is ``|1 NAME=value`` before the shell. Of what was copied, the classic one notes
a digest, of which eight digits are enough to see that two differ.
"""

import re

_NOTHING_RUN = re.compile(r"^/bin/sh -c #\(nop\)\s+")
_SHELL = re.compile(r"^(RUN )?(\|\d+ (?P<arguments>.*?) )?/bin/sh -c ", re.DOTALL)
_BUILDKIT = re.compile(r"\s*# buildkit$")
_SOURCE = re.compile(r"\b(dir|file|multi):([0-9a-f]{8})[0-9a-f]{56}\b")


def instruction_of(created_by: str) -> str:
    """Return the instruction that a history tells of, on one line."""
    text = _BUILDKIT.sub("", created_by.strip())
    if _NOTHING_RUN.match(text):
        text = _NOTHING_RUN.sub("", text)
    elif _SHELL.match(text):
        text = _SHELL.sub("RUN ", text)
    return " ".join(_SOURCE.sub(r"\1:\2…", text).split())
