"""Files from elsewhere: ``ADD https://...`` and git repositories.

Only http(s) is followed, redirects included, and only as far as a file is long: a
server that never ends is cut off.
"""

import email.utils
import hashlib
import os
import re
import urllib.error
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder import messages
from labkit.builder.git import clone
from labkit.builder.git_reference import is_git, parse_git
from labkit.builder.halt import NO_HALT, Halt
from labkit.builder.web import open_url

UNNAMED = "__unnamed__"
MOST_BYTES = 16 << 30
_CHUNK_BYTES = 1 << 20
_ALGORITHMS = ("sha256", "sha384", "sha512")
_HTTP = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remote:
    """A source on the network; ``checksum`` is what it must have, if said."""

    url: str
    checksum: str = ""
    keeps_git_folder: bool | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file by its name, or a whole tree by what it is known by."""

    name: str
    tree: str = ""


def is_remote(source: str) -> bool:
    """Tell whether a source of ADD is a URL or a repository."""
    return bool(_HTTP.match(source)) or is_git(source)


def fetch_remote(remote: Remote, folder: Path, halt: Halt = NO_HALT) -> Fetched:
    """Fetch a file, or a repository's tree, into an empty folder.

    Raises:
        InvalidInputError: it can't be had, or it is not what the checksum says.
        BuildCancelledError: it was stopped.
    """
    if is_git(remote.url):
        return _fetch_tree(remote, folder, halt)
    path = urllib.parse.urlsplit(remote.url).path
    name = os.path.basename(path) or UNNAMED
    if name in (".", ".."):
        name = UNNAMED
    download(remote, folder / name, halt)
    return Fetched(name)


def _fetch_tree(remote: Remote, folder: Path, halt: Halt) -> Fetched:
    wanted = parse_git(remote.url)
    wanted = wanted.with_options(remote.checksum, remote.keeps_git_folder)
    commit = clone(wanted, folder, halt)
    # A .git folder is another one each time: the commit says what is in the tree.
    keeps, parts = bool(wanted.keeps_git_folder), wanted.submodules is not False
    dates = ":commit" if wanted.dates_by_commit else ""
    return Fetched("", f"{commit}:{wanted.folder}:{keeps}:{parts}{dates}")


def check_digest(text: str) -> str:
    """Return the algorithm of a checksum.

    Raises:
        InvalidInputError: it is none, in the words of Go's reader of digests.
    """
    if not re.fullmatch(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+", text):
        raise InvalidInputError("invalid checksum digest format")
    algorithm, _, encoded = text.partition(":")
    if algorithm not in _ALGORITHMS:
        raise InvalidInputError("unsupported digest algorithm")
    if len(encoded) != 2 * hashlib.new(algorithm).digest_size:
        raise InvalidInputError("invalid checksum digest length")
    if not re.fullmatch("[a-f0-9]+", encoded):
        raise InvalidInputError("invalid checksum digest format")
    return algorithm


def download(remote: Remote, target: Path, halt: Halt = NO_HALT) -> None:
    """Fetch a URL into a file, whose time is the server's."""
    algorithm = check_digest(remote.checksum) if remote.checksum else "sha256"
    try:
        found, modified = _receive(remote.url, target, algorithm, halt)
    except urllib.error.HTTPError as error:
        text = messages.bad_status(remote.url, f"{error.code} {error.reason}")
        raise InvalidInputError(text) from error
    except (OSError, ValueError) as error:
        halt.check()
        cause = getattr(error, "reason", error)
        reason = (getattr(cause, "strerror", None) or str(cause)).lower()
        raise InvalidInputError(f"cannot get {remote.url!r}: {reason}") from error
    target.chmod(0o600)
    moment = _parse_time(modified)
    os.utime(target, (moment, moment))
    if remote.checksum not in ("", found):
        raise InvalidInputError(messages.wrong_checksum(remote.checksum, found))


def _receive(url: str, target: Path, algorithm: str, halt: Halt) -> tuple[str, str]:
    """Fill a file; return its checksum, and when it was changed as the server says."""
    total = hashlib.new(algorithm)
    size = 0
    with open_url(url, halt) as answer, target.open("xb") as file:
        while chunk := answer.read1(_CHUNK_BYTES):
            halt.check()
            size += len(chunk)
            if size > MOST_BYTES:
                raise InvalidInputError(f"{url} is too long")
            total.update(chunk)
            file.write(chunk)
        halt.check()
        modified = answer.headers.get("Last-Modified", "")
    return f"{algorithm}:{total.hexdigest()}", modified


def _parse_time(text: str) -> float:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp() if text else 0.0
    except ValueError:
        return 0.0
