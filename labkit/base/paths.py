"""Absolute paths without detours."""

from posixpath import normpath


def clean_path(path: str) -> str:
    """Return an absolute path without ``.``, ``..``, ``//`` and trailing slashes.

    normpath alone keeps two leading slashes, as POSIX allows: ``//proc`` would then not
    be known as ``/proc``, while the kernel takes it for just that.
    """
    return normpath("/" + path.lstrip("/"))
