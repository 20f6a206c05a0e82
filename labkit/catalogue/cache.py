"""The folder where downloads, layers and finished images are kept between runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.base.machine import host_architecture


def default_cache() -> Path:
    """Return ``~/.cache/labkit``, or below ``XDG_CACHE_HOME`` if that is set."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "labkit"


def place_for(cache: Path, architecture: str) -> Path:
    """Return where a machine's packages and images are: this one's lie at the top."""
    return cache if architecture == host_architecture() else cache / architecture


@contextmanager
def locked(cache: Path) -> Iterator[None]:
    """Keep a second build out of a cache until this one has ended.

    The kernel drops the lock with the process, however that dies (flock(2)).
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
