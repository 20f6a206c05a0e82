"""Repositories: this machine's ``git`` gets them, with nothing of a user's settings."""

import os
import shutil
import signal
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder.git_reference import GitReference
from labkit.builder.halt import NO_HALT, Halt

_SECONDS = 600
_FILE = "file://"


def clone(wanted: GitReference, folder: Path, halt: Halt = NO_HALT) -> str:
    """Put a repository's tree at a ref, or a folder of it, into a folder.

    Returns:
        the commit.

    Raises:
        InvalidInputError: it can't be had, or it is not what the checksum says.
        BuildCancelledError: it was stopped.
    """
    work = folder / ".clone"
    git = _Git(work, halt)
    git("init", "--quiet")
    _fetch(git, wanted.url, wanted.wanted())
    git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    commit = git("rev-parse", "HEAD").strip()
    if wanted.checksum:
        _check(git, wanted.checksum.lower(), commit)
    if wanted.submodules is not False and (work / ".gitmodules").is_file():
        _fetch_submodules(git, wanted.url)
    moment = int(git("log", "-1", "--format=%ct", "HEAD"))
    if wanted.keeps_git_folder:
        _keep_git(git, wanted)
    else:
        _remove_git(work)
    _move(work, wanted.folder, folder)
    if wanted.dates_by_commit:
        _date(folder, moment)
    return commit


@dataclass(frozen=True, slots=True)
class _Git:
    """Calls git in a folder."""

    work: Path
    halt: Halt

    def __call__(self, *arguments: str) -> str:
        """Return what a command of git prints."""
        self.work.mkdir(exist_ok=True)
        self.halt.check()
        process = _start(self.work, arguments)
        with process, self.halt.ended_by(lambda: _kill(process)):
            try:
                out, errors = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired as error:
                _kill(process)
                raise InvalidInputError(
                    "git takes too long, and was stopped"
                ) from error
        self.halt.check()
        if process.returncode:
            text = errors.decode(errors="replace").strip()
            raise InvalidInputError(
                f"unable to 'git clone' to temporary context: {text}"
            )
        return out.decode(errors="replace")


def _start(work: Path, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
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
        return subprocess.Popen(
            ("git", *options, "-C", str(work), *arguments),
            env={**kept, **quiet},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that those whom it starts can be ended with it
        )
    except FileNotFoundError as error:
        raise InvalidInputError(
            "cannot get a git repository: there is no git program on this machine"
        ) from error


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git and whom it started; who talks to the server is another program."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


def _check(git: _Git, checksum: str, commit: str) -> None:
    """The checksum is a commit's, or that of a tag that has a text."""
    found = {commit: None, git("rev-parse", "FETCH_HEAD").strip(): None}
    if not any(one.startswith(checksum) for one in found):
        raise InvalidInputError(
            f"expected checksum to match {checksum}, got {' or '.join(found)}"
        )


def _fetch(git: _Git, url: str, ref: str) -> None:
    """Fetch no more than is needed; a server of mere files has to give all of it."""
    try:
        git("fetch", "--quiet", "--depth=1", "--", url, ref)
    except InvalidInputError as error:
        if "does not support shallow" not in str(error):
            raise
        git("fetch", "--quiet", "--", url, ref)


def _fetch_submodules(git: _Git, url: str) -> None:
    """Fetch what a repository consists of; this machine's files are none of it."""
    allowed = () if url.startswith(_FILE) else ("-c", "protocol.file.allow=never")
    update = (*allowed, "submodule", "--quiet", "update", "--init", "--recursive")
    # Where a module is, is often said as seen from the repository.
    git("remote", "add", "origin", url)
    try:
        git(*update, "--depth=1")
    except InvalidInputError as error:
        if "shallow" not in str(error):
            raise
        git(*update)
    finally:
        git("remote", "remove", "origin")


def _keep_git(git: _Git, wanted: GitReference) -> None:
    git("remote", "add", "origin", _without_user(wanted.url))
    if wanted.name:
        git("update-ref", wanted.name, "HEAD")


def _remove_git(work: Path) -> None:
    """Leave files only; a module's ``.git`` is a file that points into the folder."""
    shutil.rmtree(work / ".git")
    if not (work / ".gitmodules").is_file():
        return
    for path in work.rglob(".git"):
        if path.is_file() and not path.is_symlink():
            path.unlink()


def _without_user(url: str) -> str:
    """Leave out who asks, and his password: an image's users are others."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or "@" not in parts.netloc:
        return url
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.split("@")[-1]))


def _move(work: Path, inside: str, folder: Path) -> None:
    source = (work / inside.strip("/")).resolve()
    if not source.is_relative_to(work.resolve()) or not source.is_dir():
        raise InvalidInputError(f"no folder {inside!r} in the repository")
    for entry in sorted(source.iterdir()):
        entry.rename(folder / entry.name)
    shutil.rmtree(work)


def _date(folder: Path, moment: int) -> None:
    """Date all that is in a folder, and the folder: it is the same each time then."""
    for root, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            os.utime(os.path.join(root, name), (moment, moment), follow_symlinks=False)
    os.utime(folder, (moment, moment))
