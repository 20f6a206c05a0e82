"""Files from elsewhere: ``ADD https://...`` and git repositories.

Only http(s) is followed, redirects included, and only as far as a file is long: a
server that never ends is cut off. For a repository the machine's own ``git`` is asked,
with nothing of the user's settings.
"""

import email.utils
import hashlib
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder import messages

UNNAMED = "__unnamed__"
MOST_BYTES = 16 << 30
_CHUNK_BYTES = 1 << 20
_TIMEOUT_SECONDS = 60
_GIT_SECONDS = 600
_ALGORITHMS = ("sha256", "sha384", "sha512")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_GIT = re.compile(r"(git://|ssh://|git@[\w.-]+:)|https?://[^#]*\.git(?:[#?]|$)")


@dataclass(frozen=True, slots=True)
class Remote:
    """A source on the network; ``checksum`` is what it must have, if said."""

    url: str
    checksum: str = ""
    keep_git_folder: bool = False


def is_remote(source: str) -> bool:
    """Tell whether a source of ADD is a URL or a repository."""
    return bool(_HTTP.match(source) or _GIT.match(source))


def is_git(source: str) -> bool:
    return bool(_GIT.match(source))


def fetch_remote(remote: Remote, folder: Path) -> str:
    """Fetch a file into an empty folder and return its name; "" is a whole tree.

    Raises:
        InvalidInputError: it can't be had, or it is not what the checksum says.
    """
    if is_git(remote.url):
        clone(remote, folder)
        return ""
    path = urllib.parse.urlsplit(remote.url).path
    name = os.path.basename(path) or UNNAMED
    if name in (".", ".."):
        name = UNNAMED
    download(remote, folder / name)
    return name


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


def download(remote: Remote, target: Path) -> None:
    """Fetch a URL into a file, whose time is the server's."""
    algorithm = check_digest(remote.checksum) if remote.checksum else "sha256"
    total = hashlib.new(algorithm)
    size = 0
    try:
        with _opener().open(remote.url, timeout=_TIMEOUT_SECONDS) as answer:
            with target.open("xb") as file:
                while chunk := answer.read(_CHUNK_BYTES):
                    size += len(chunk)
                    if size > MOST_BYTES:
                        raise InvalidInputError(f"{remote.url} is too long")
                    total.update(chunk)
                    file.write(chunk)
            modified = answer.headers.get("Last-Modified", "")
    except urllib.error.HTTPError as error:
        text = messages.bad_status(remote.url, f"{error.code} {error.reason}")
        raise InvalidInputError(text) from error
    except (OSError, ValueError) as error:
        cause = getattr(error, "reason", error)
        reason = (getattr(cause, "strerror", None) or str(cause)).lower()
        raise InvalidInputError(f"cannot get {remote.url!r}: {reason}") from error
    target.chmod(0o600)
    moment = _parse_time(modified)
    os.utime(target, (moment, moment))
    found = f"{algorithm}:{total.hexdigest()}"
    if remote.checksum not in ("", found):
        raise InvalidInputError(messages.wrong_checksum(remote.checksum, found))


def clone(remote: Remote, folder: Path) -> None:
    """Put a repository's tree at a ref, or a folder of it, into a folder.

    The URL may end in ``#ref:folder``.
    """
    url, _, fragment = remote.url.partition("#")
    ref, _, inside = fragment.partition(":")
    if url.startswith("-") or ref.startswith("-"):
        raise InvalidInputError(f"invalid git reference {remote.url!r}")
    work = folder / ".clone"
    _git("init", "--quiet", str(work))
    _fetch(work, url, ref or "HEAD")
    _git("-C", str(work), "checkout", "--quiet", "--detach", "FETCH_HEAD")
    commit = _git("-C", str(work), "rev-parse", "HEAD").strip()
    if remote.checksum and not commit.startswith(remote.checksum.lower()):
        raise InvalidInputError(messages.wrong_checksum(remote.checksum, commit))
    if not remote.keep_git_folder:
        _git("-C", str(work), "config", "--local", "gc.auto", "0")
        shutil.rmtree(work / ".git")
    _move(work, inside, folder)


def _fetch(work: Path, url: str, ref: str) -> None:
    """Fetch no more than is needed; a server of mere files has to give all of it."""
    fetch = ("-C", str(work), "fetch", "--quiet")
    try:
        _git(*fetch, "--depth=1", "--", url, ref)
    except InvalidInputError as error:
        if "does not support shallow" not in str(error):
            raise
        _git(*fetch, "--", url, ref)


def _git(*arguments: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    quiet = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_PROTOCOL_FROM_USER": "0",
        "HOME": "/nonexistent",
        "LC_ALL": "C",
    }
    options = ("-c", "protocol.file.allow=always", "-c", "core.hooksPath=/dev/null")
    try:
        done = subprocess.run(
            ("git", *options, *arguments),
            env={**kept, **quiet},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise InvalidInputError(
            "cannot get a git repository: there is no git program on this machine"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise InvalidInputError("git takes too long, and was stopped") from error
    if done.returncode:
        text = done.stderr.decode(errors="replace").strip()
        raise InvalidInputError(f"unable to 'git clone' to temporary context: {text}")
    return done.stdout.decode(errors="replace")


def _move(work: Path, inside: str, folder: Path) -> None:
    source = (work / inside.strip("/")).resolve()
    if not source.is_relative_to(work.resolve()) or not source.is_dir():
        raise InvalidInputError(f"no folder {inside!r} in the repository")
    for entry in sorted(source.iterdir()):
        entry.rename(folder / entry.name)
    shutil.rmtree(work)


def _opener() -> urllib.request.OpenerDirector:
    """Return what knows http and https and no other kind of URL."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),  # which refuses all other kinds
    ):
        opener.add_handler(handler)
    return opener


def _parse_time(text: str) -> float:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp() if text else 0.0
    except ValueError:
        return 0.0
