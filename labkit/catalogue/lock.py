"""The versions and hashes that the recipes were tried with.

Wheels and npm packages must match: their hash is the only thing that speaks for them.
A Debian package must match if it has the version of the lock; the archive moves on,
though (a point release replaces a package, and the old one is gone), so a newer
version is taken too, if the archive's signature covers it: that is said aloud and
written into the image's labels.
"""

import functools
import json
from dataclasses import dataclass
from importlib import resources

from labkit.base.codec import decode, same_name
from labkit.base.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class LockedDeb:
    suite: str
    arch: str
    name: str
    version: str
    size: int
    sha256: str
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class LockedWheel:
    """``arch`` is ``any`` for pure Python; ``tool`` wheels run here, not in images."""

    project: str
    version: str
    arch: str
    file: str
    size: int
    sha256: str
    python: str = "3.13"


@dataclass(frozen=True, slots=True)
class Lock:
    debs: tuple[LockedDeb, ...]
    wheels: tuple[LockedWheel, ...]

    def deb(self, name: str, suite: str, arch: str) -> LockedDeb | None:
        for deb in self.debs:
            if (deb.name, deb.suite, deb.arch) == (name, suite, arch):
                return deb
        return None

    def wheel(self, project: str, arch: str) -> LockedWheel:
        for wheel in self.wheels:
            if wheel.project == project and wheel.arch in (arch, "any"):
                return wheel
        raise NotFoundError(f"no wheel of {project!r} for {arch} is in the lock")


@functools.cache
def read_lock() -> Lock:
    """Read the lock that comes with labkit."""
    text = resources.files("labkit.catalogue").joinpath("lock.json").read_text("utf-8")
    return decode(Lock, json.loads(text), same_name)
