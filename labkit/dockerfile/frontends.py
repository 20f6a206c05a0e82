"""``# syntax=``: the image that shall read the Dockerfile.

BuildKit would pull and run it. The one that there is here is its own for Dockerfiles,
of whatever version and from whatever mirror; a file for another one means something
else, and is refused. A build argument ``BUILDKIT_SYNTAX`` goes before the directive.
"""

import re
from collections.abc import Mapping

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.errors import DockerfileError, Lines
from labkit.dockerfile.stages import Dockerfile

_OURS = re.compile(r"(?:[^ ]+/)?docker/dockerfile(?:-upstream)?(?:[:@][^ ]*)?(?: .*)?")
_ARGUMENT = "BUILDKIT_SYNTAX"


def check_frontend(dockerfile: Dockerfile, arguments: Mapping[str, str | None]) -> None:
    """See that a Dockerfile is for the frontend that there is.

    Raises:
        InvalidInputError: it is for another one.
    """
    if given := arguments.get(_ARGUMENT):
        if not _OURS.fullmatch(given):
            raise InvalidInputError(_refusal(given))
        return
    for one in dockerfile.document.directives:
        if one.name == "syntax" and not _OURS.fullmatch(one.value):
            raise DockerfileError(_refusal(one.value), Lines(one.line, one.line))


def _refusal(frontend: str) -> str:
    return f"frontend {frontend} can't run here: there is docker/dockerfile only"
