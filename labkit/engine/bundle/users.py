"""Who a process is: ``USER app:staff`` to numbers, by the container's own files.

Names mean what the container's ``/etc/passwd`` and ``/etc/group`` say. Numbers need no
entry. Without a group the user's own primary group counts and the groups that list the
user come along; with one, only that one. ``--group-add`` adds to either.
"""

import re
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError
from labkit.spec.runtime import User

_HIGHEST = 2**31 - 1
_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """A resolved user and his home folder, which becomes ``HOME``."""

    user: User
    home: str


@dataclass(frozen=True, slots=True)
class _Account:
    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    gid: int
    members: tuple[str, ...]


def resolve_user(
    text: str, group_add: tuple[str, ...], passwd: str, group: str
) -> Identity:
    """Resolve ``user``, ``uid``, ``user:group`` or ``:group``.

    Raises:
        InvalidInputError: a name has no entry; the text is Docker's.
    """
    accounts, groups = _accounts(passwd), _groups(group)
    user_text, _, group_text = text.partition(":")
    account = _find_account(user_text or "0", accounts, bool(user_text))
    extra: tuple[int, ...]
    if group_text:
        gid = _find_gid(group_text, groups)
        extra = ()
    else:
        gid = account.gid
        extra = tuple(
            entry.gid
            for entry in groups
            if account.name and account.name in entry.members
        )
    added = tuple(_find_gid(name, groups, "Unable") for name in group_add)
    # The primary group is in the list as well: containerd puts it there, so that `id`
    # shows the same in both.
    supplementary = dict.fromkeys((gid, *extra, *added))
    user = User(uid=account.uid, gid=gid, additional_gids=tuple(supplementary))
    return Identity(user, account.home or "/")


def _find_account(text: str, accounts: list[_Account], named: bool) -> _Account:
    for account in accounts:
        if text in (account.name, str(account.uid)):
            return account
    number = _number(text)
    if number is None:
        raise InvalidInputError(
            f"unable to find user {text}: no matching entries in passwd file"
        )
    return _Account("" if named else "root", number, 0, "/")


def _find_gid(text: str, groups: list[_Group], opening: str = "unable") -> int:
    for entry in groups:
        if text in (entry.name, str(entry.gid)):
            return entry.gid
    number = _number(text)
    if number is None:
        raise InvalidInputError(
            f"{opening} to find group {text}: no matching entries in group file"
        )
    return number


def _number(text: str) -> int | None:
    """Read a user's or a group's number; None for a name."""
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    if not 0 <= number <= _HIGHEST:
        raise InvalidInputError(f"uids and gids must be in range 0-{_HIGHEST}")
    return number


def _accounts(text: str) -> list[_Account]:
    found = []
    for line in text.splitlines():
        fields = line.strip().split(":")
        if len(fields) >= 4 and fields[2].isdecimal() and fields[3].isdecimal():
            home = fields[5] if len(fields) > 5 else ""
            found.append(_Account(fields[0], int(fields[2]), int(fields[3]), home))
    return found


def _groups(text: str) -> list[_Group]:
    found = []
    for line in text.splitlines():
        fields = line.strip().split(":")
        if len(fields) >= 3 and fields[2].isdecimal():
            members = fields[3].split(",") if len(fields) > 3 else []
            found.append(
                _Group(fields[0], int(fields[2]), tuple(filter(None, members)))
            )
    return found
