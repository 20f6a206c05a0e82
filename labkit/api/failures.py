"""Which kind of error gives which HTTP status: the only table of that sort.

Docker's clients see ``{"message": ...}``; the command line prints the message after
``Error response from daemon:``. A failure that is no ``LabError`` is a bug of ours:
it is logged whole where it is caught and the client gets a 500.
"""

import json

from labkit.base.errors import (
    ConflictError,
    ForbiddenError,
    InternalError,
    InvalidInputError,
    LabError,
    NotFoundError,
    NotModified,
    UnauthorizedError,
    UnavailableError,
    UnsupportedError,
)
from labkit.runtime.model import StartError

STATUSES: dict[type[LabError], int] = {
    NotModified: 304,
    InvalidInputError: 400,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    InternalError: 500,
    UnsupportedError: 501,
    UnavailableError: 503,
}

_PROGRAM_UNUSABLE = (126, 127)


def status_of(error: LabError) -> int:
    """Return the HTTP status of a failure; a subclass counts as its nearest kind."""
    if isinstance(error, StartError):
        # moby, daemon/errors.go setExitCodeFromError: a program that isn't there or
        # can't be run is the client's mistake, all other failed starts are ours.
        return 400 if error.exit_code in _PROGRAM_UNUSABLE else 500
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 500


def body_of(message: str) -> bytes:
    """Spell a failure as the API does."""
    body = {"message": message}
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"
