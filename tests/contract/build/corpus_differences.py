"""Where a Dockerfile of the corpus gives something else here, each with its reason.

The dockerd of the comparison is 20.10, whose classic builder knows no BuildKit. Where
the two differ in what comes out, BuildKit is right; what its sentences were before
Docker 28 is put aside by ``modern``.
"""

import re

_SCRATCH = "as with BuildKit, an image on nothing has / as its working directory"
_SETUID = (
    "a classic builder's chown takes the set-user-id bit away, BuildKit's does not"
)
_LINE = "ours names the line, as Docker 28 does"
_AWAY = "that dockerd asks for a registry that is not there"

ANYWHERE: dict[str, str] = {
    "Image": "a build of BuildKit's kind records no parent",
    "Hostname": "nor a container that it was made in",
}
CONFIG: dict[str, str] = {
    "copy-from-image": _SCRATCH,
    "copy-from-folder-with-owners": _SCRATCH,
    "copy-from-removed": _SCRATCH,
    "scratch-metadata": _SCRATCH,
    "stages-scratch": _SCRATCH,
    "workdir-slashes": "a working directory is cleaned, as BuildKit does",
    "stages-target-number": "a target by number is known since Docker 23",
}
LAYERS: dict[str, str] = {
    "copy-two-folders": _SETUID,
    "copy-everything": _SETUID,
    "copy-keeps-modes": _SETUID,
    "copy-merges": _SETUID,
    "stages-target-number": "as above",
}
HISTORY: dict[str, str] = {
    "stages-target-number": "as above",
}
STATUS: dict[str, str] = {
    "stages-target-number": "as above",
    "blank-base": "what can be known before the first step is refused before it",
}
ERRORS: dict[str, str] = {
    "stages-target-number": "as above",
    "stages-unknown-target": "Docker 28's sentence",
    "copy-outside": "as with BuildKit, .. ends at the context's root",
    "copy-from-no-such-stage": _AWAY,
    "unknown-base": _AWAY,
    "no-from": _LINE,
    "empty-file": _LINE,
    "env-one-word": _LINE,
    "env-no-value": _LINE,
    "bad-substitution": _LINE,
    "unclosed-quote": _LINE,
    "unknown-instruction": "ours says what was probably meant",
    "expose-nonsense": "since Docker 28 in small letters",
    "cmd-flag": "since Docker 23 with the flag as it was written",
    "run-unknown-flag": "the same",
    "copy-unknown-flag": "the same",
}


def modern(message: str) -> str:
    """Put an older engine's sentence into today's words."""
    return re.sub(r"^(dockerfile parse error) line", r"\1 on line", message)
