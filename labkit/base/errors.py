"""What can go wrong, as a tree of kinds.

    LabError
    +- NotFoundError        the thing named is not there
    +- ConflictError        it is there, and its state or another thing forbids this
    +- InvalidInputError    the request itself is wrong
    +- UnauthorizedError    who asks has not shown who that is
    +- ForbiddenError       allowed to nobody, or not to this caller
    +- UnsupportedError     this engine, kernel or machine cannot do it
    +- NotModified          nothing to do: it is that way already
    +- UnavailableError     somebody who should answer does not
    +- InternalError        our own fault, or the machine's

A kind says *what sort* of failure it is; the one table that turns kinds into HTTP
statuses is ``labkit/api/failures.py`` and the one that turns them into exit codes
is in the command line. Nobody else compares kinds.

The message is one lower-case clause without a full stop that names the operation,
the object and the value: ``cannot write '64m' to memory.limit_in_bytes: ...``.
Texts that Docker's clients read are in ``labkit/engine/messages.py``.
"""


class LabError(Exception):
    """The root: any failure that labkit foresaw."""

    @property
    def message(self) -> str:
        return str(self)


class NotFoundError(LabError):
    """The thing named is not there."""


class ConflictError(LabError):
    """The thing's state, or another thing, forbids this."""


class InvalidInputError(LabError):
    """The request is wrong in itself: repeating it can't help."""


class UnauthorizedError(LabError):
    """Who asks has not shown who that is: a password is wrong or missing."""


class ForbiddenError(LabError):
    """Allowed to nobody, or not to this caller."""


class UnsupportedError(LabError):
    """This engine, kernel or machine cannot do it."""


class NotModified(LabError):  # HTTP's and moby's own word: it is no failure
    """Nothing to do: it is that way already."""


class UnavailableError(LabError):
    """Somebody who should answer does not: the engine is down, a shim is gone."""


class InternalError(LabError):
    """Our own fault, or the machine's."""


def no_engine_answers(docker_host: str, reason: str) -> str:
    """Say that nobody answers where an engine was to be, and what to do."""
    return (
        f"no engine answers at {docker_host}: {reason}; "
        "start it with `labkit engine start`, or unset DOCKER_HOST"
    )


def os_reason(error: OSError) -> str:
    """Return why the kernel refused, in the words of errno(3), lower case as in Go."""
    return (error.strerror or str(error)).lower()
