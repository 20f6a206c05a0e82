"""Repositories: this machine's ``git`` gets them, with nothing of a user's settings."""

import os
import shutil
import subprocess
import urllib.parse
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder.git_reference import GitReference

_SECONDS = 600
_FILE = "file://"


def clone(wanted: GitReference, folder: Path) -> str:
    """Put a repository's tree at a ref, or a folder of it, into a folder.

    Returns:
        the commit.

    Raises:
        InvalidInputError: it can't be had, or it is not what the checksum says.
    """
    work = folder / ".clone"
    _git("init", "--quiet", str(work))
    _fetch(work, wanted.url, wanted.ref or "HEAD")
    _in(work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    commit = _in(work, "rev-parse", "HEAD").strip()
    if wanted.checksum:
        _check(work, wanted.checksum.lower(), commit)
    if wanted.submodules is not False and (work / ".gitmodules").is_file():
        _fetch_submodules(work, wanted.url)
    if wanted.keeps_git_folder:
        _in(work, "remote", "add", "origin", _without_user(wanted.url))
    else:
        _remove_git(work)
    _move(work, wanted.folder, folder)
    return commit


def _check(work: Path, checksum: str, commit: str) -> None:
    """The checksum is a commit's, or that of a tag that has a text."""
    found = {commit: None, _in(work, "rev-parse", "FETCH_HEAD").strip(): None}
    if not any(one.startswith(checksum) for one in found):
        raise InvalidInputError(
            f"expected checksum to match {checksum}, got {' or '.join(found)}"
        )


def _fetch(work: Path, url: str, ref: str) -> None:
    """Fetch no more than is needed; a server of mere files has to give all of it."""
    try:
        _in(work, "fetch", "--quiet", "--depth=1", "--", url, ref)
    except InvalidInputError as error:
        if "does not support shallow" not in str(error):
            raise
        _in(work, "fetch", "--quiet", "--", url, ref)


def _fetch_submodules(work: Path, url: str) -> None:
    """Fetch what a repository consists of; this machine's files are none of it."""
    allowed = () if url.startswith(_FILE) else ("-c", "protocol.file.allow=never")
    update = (*allowed, "submodule", "--quiet", "update", "--init", "--recursive")
    # Where a module is, is often said as seen from the repository.
    _in(work, "remote", "add", "origin", url)
    try:
        _in(work, *update, "--depth=1")
    except InvalidInputError as error:
        if "shallow" not in str(error):
            raise
        _in(work, *update)
    finally:
        _in(work, "remote", "remove", "origin")


def _remove_git(work: Path) -> None:
    """Leave files only; a module's ``.git`` is a file that points into the folder."""
    shutil.rmtree(work / ".git")
    if not (work / ".gitmodules").is_file():
        return
    for path in work.rglob(".git"):
        if path.is_file() and not path.is_symlink():
            path.unlink()


def _in(work: Path, *arguments: str) -> str:
    return _git("-C", str(work), *arguments)


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
            timeout=_SECONDS,
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
