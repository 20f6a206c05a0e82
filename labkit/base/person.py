"""The person behind ``sudo``: what root does for them must end up theirs.

``sudo labkit ...`` runs as root, with the number of who typed it in ``SUDO_UID``. The
engine needs root, the learner's notebooks and records don't: files that a command
made in the learner's folder are handed over at its end, and JupyterLab, which lives
long and runs whatever is typed into it, never keeps root's rights.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

_ROOT = 0


@dataclass(frozen=True, slots=True)
class Person:
    """An ordinary user of this machine."""

    uid: int
    gid: int
    name: str
    home: Path


def behind_sudo() -> Person | None:
    """Return who typed ``sudo``; None for root itself and for ordinary users."""
    asked_by = os.environ.get("SUDO_UID", "")
    if os.geteuid() != _ROOT or not asked_by.isdecimal() or int(asked_by) == _ROOT:
        return None
    try:
        entry = pwd.getpwuid(int(asked_by))
    except KeyError:  # a user that the password file doesn't know
        return None
    return Person(entry.pw_uid, entry.pw_gid, entry.pw_name, Path(entry.pw_dir))


def hand_over(folder: Path, person: Person) -> None:
    """Give a person what root made in a folder of theirs.

    A folder that is neither theirs nor below their home is left alone, whatever it
    was named for. Symbolic links are never followed: what they lead to stays as it is.
    """
    try:
        owner = folder.stat().st_uid
    except FileNotFoundError:
        return
    if owner != person.uid and person.home not in folder.parents:
        return
    for _, folders, files, fd in os.fwalk(folder, follow_symlinks=False):
        _give(".", fd, person)
        for name in (*folders, *files):
            _give(name, fd, person)


def become(person: Person) -> None:
    """Give up root's rights for good: groups first, as only root may change them."""
    os.initgroups(person.name, person.gid)
    os.setgid(person.gid)
    os.setuid(person.uid)


def _give(name: str, folder: int, person: Person) -> None:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        # A second hard link may be a file of root's elsewhere: not ours to give away.
        shared = stat.S_ISREG(status.st_mode) and status.st_nlink > 1
        if status.st_uid == _ROOT and not shared:
            os.chown(name, person.uid, person.gid, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return  # a database's journal, say, gone since it was listed
