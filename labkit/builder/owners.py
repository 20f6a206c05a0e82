"""``--chown app:staff`` to numbers, by the files of the image that is built.

A name is looked up in the image's ``/etc/passwd`` and ``/etc/group``. Without a group
it is the user's own; for a number the same number.
"""

from labkit.base.errors import InvalidInputError
from labkit.builder import messages
from labkit.snapshots.view import LayerView

_HIGHEST = 2**31 - 1


def find_owner(text: str, view: LayerView) -> tuple[int, int]:
    """Return user and group id.

    Raises:
        InvalidInputError: a name has no entry.
    """
    user, colon, group = text.partition(":")
    if ":" in group:
        raise InvalidInputError(f"invalid chown string format: {text}")
    uid, own_gid = _find_user(user, view) if user else (0, 0)
    return uid, _find_group(group, view) if colon and group else own_gid


def _find_user(name: str, view: LayerView) -> tuple[int, int]:
    if name.isdecimal():
        return _number(name), _number(name)
    for fields in _rows(view, "/etc/passwd"):
        if fields[0] == name and len(fields) > 3:
            return _number(fields[2]), _number(fields[3])
    raise InvalidInputError(messages.no_such_user(name))


def _find_group(name: str, view: LayerView) -> int:
    if name.isdecimal():
        return _number(name)
    for fields in _rows(view, "/etc/group"):
        if fields[0] == name and len(fields) > 2:
            return _number(fields[2])
    raise InvalidInputError(messages.no_such_group(name))


def _rows(view: LayerView, path: str) -> list[list[str]]:
    text = (view.read(path) or b"").decode(errors="replace")
    return [line.strip().split(":") for line in text.splitlines() if line.strip()]


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST:
        raise InvalidInputError(f"uids and gids must be in range 0-{_HIGHEST}")
    return int(text)
