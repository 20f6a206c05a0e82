"""``RUN --mount=type=...``: fields by name, each checked by one function.

A mount is read twice. First without variables, where only ``from`` matters, since it
says which stage must be there; and again when the variables are known.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from labkit.base.go_text import TRUTHS
from labkit.base.units import parse_bytes
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.suggest import with_suggestion

Expand = Callable[[str], str]


class MountType(Enum):
    BIND = "bind"
    CACHE = "cache"
    TMPFS = "tmpfs"
    SECRET = "secret"
    SSH = "ssh"


class Sharing(Enum):
    SHARED = "shared"
    PRIVATE = "private"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Mount:
    """What one ``--mount`` says; ``text`` is the flag's value as written.

    ``sharing`` is None where nothing is said (a cache is shared then).
    """

    text: str
    type: MountType = MountType.BIND
    from_: str = ""
    source: str = ""
    target: str = ""
    read_only: bool | None = None
    size_bytes: int = 0
    id: str = ""
    sharing: Sharing | None = None
    required: bool = False
    env: str | None = None
    mode: int | None = None
    uid: int | None = None
    gid: int | None = None


def read_mount_source(text: str) -> Mount:
    """Read a mount as far as it can be known before variables are.

    Raises:
        Fault: it is no list of fields, or ``from`` has a variable.
    """
    mount = Mount(text)
    for field in _split(text):
        key, equals, value = field.partition("=")
        if key.lower() != "from" or not equals:
            continue
        if "$" in value[:-1]:
            raise Fault(
                "'from' doesn't support variable expansion, define alias stage instead"
            )
        mount = replace(mount, from_=value)
    return mount


def parse_mount(text: str, expand: Expand) -> Mount:
    """Read a mount; ``expand`` gives its values their variables.

    Raises:
        Fault: a field is unknown, or has no place in a mount of this type.
    """
    mount = Mount(text)
    for field in _split(text):
        key, equals, value = field.partition("=")
        key = key.lower()
        if not equals:
            if key not in _WITHOUT_VALUE:
                raise Fault(f"invalid field '{field}' must be a key=value pair")
            value = "true"
        setter = _FIELDS.get(key)
        if setter is None:
            raise Fault(
                with_suggestion(f"unexpected key '{key}' in '{field}'", key, _FIELDS)
            )
        mount = setter(mount, key, expand(value))
    return _settle(mount)


def _split(text: str) -> list[str]:
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error as error:
        raise Fault(f"failed to parse csv mounts: {error}") from error
    return rows[0] if rows else []


def _type(mount: Mount, _key: str, value: str) -> Mount:
    names = [one.value for one in MountType]
    if value.lower() not in names:
        message = f'unsupported mount type "{value}"'
        raise Fault(with_suggestion(message, value, names))
    return replace(mount, type=MountType(value.lower()))


def _sharing(mount: Mount, _key: str, value: str) -> Mount:
    names = [one.value for one in Sharing]
    if value.lower() not in names:
        message = f'unsupported sharing value "{value}"'
        raise Fault(with_suggestion(message, value, names))
    return replace(mount, sharing=Sharing(value.lower()))


def _from(mount: Mount, _key: str, value: str) -> Mount:
    return replace(mount, from_=value)


def _source(mount: Mount, _key: str, value: str) -> Mount:
    return replace(mount, source=value)


def _target(mount: Mount, _key: str, value: str) -> Mount:
    return replace(mount, target=value)


def _read_only(mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, read_only=_bool(key, value))


def _read_write(mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, read_only=not _bool(key, value))


def _required(mount: Mount, key: str, value: str) -> Mount:
    _only_for(mount, key, MountType.SECRET, MountType.SSH)
    return replace(mount, required=_bool(key, value))


def _size(mount: Mount, key: str, value: str) -> Mount:
    _only_for(mount, key, MountType.TMPFS)
    try:
        return replace(mount, size_bytes=parse_bytes(value))
    except ValueError as error:
        raise Fault(f"invalid value for {key}: {value}") from error


def _id(mount: Mount, _key: str, value: str) -> Mount:
    return replace(mount, id=value)


def _env(mount: Mount, _key: str, value: str) -> Mount:
    return replace(mount, env=value)


def _mode(mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, mode=_number(key, value, 8))


def _uid(mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, uid=_number(key, value, 10))


def _gid(mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, gid=_number(key, value, 10))


_FIELDS: dict[str, Callable[[Mount, str, str], Mount]] = {
    "type": _type,
    "from": _from,
    "source": _source,
    "target": _target,
    "readonly": _read_only,
    "id": _id,
    "sharing": _sharing,
    "required": _required,
    "size": _size,
    "mode": _mode,
    "uid": _uid,
    "gid": _gid,
    "src": _source,
    "dst": _target,
    "destination": _target,
    "ro": _read_only,
    "rw": _read_write,
    "readwrite": _read_write,
    "env": _env,
}
_WITHOUT_VALUE = ("readonly", "ro", "readwrite", "rw", "required")


def _only_for(mount: Mount, key: str, *types: MountType) -> None:
    if mount.type not in types:
        raise Fault(f"unexpected key '{key}' for mount type '{mount.type.value}'")


def _bool(key: str, value: str) -> bool:
    if value not in TRUTHS:
        raise Fault(f"invalid value for {key}: {value}")
    return TRUTHS[value]


def _number(key: str, value: str, base: int) -> int:
    digits = "[0-7]+" if base == 8 else "[0-9]+"
    if not re.fullmatch(digits, value) or len(value) > 11 or int(value, base) >> 32:
        raise Fault(f"invalid value {value} for {key}")
    return int(value, base)


def _settle(mount: Mount) -> Mount:
    """Check the fields against one another, and decide what was left open."""
    for check in (_check_owner, _check_secret):
        check(mount)
    kind = mount.type
    if mount.sharing is not None and kind is not MountType.CACHE:
        raise Fault(f"invalid cache sharing set for {kind.value} mount")
    if mount.read_only is not None:
        return mount
    return replace(mount, read_only=kind not in (MountType.CACHE, MountType.TMPFS))


def _check_owner(mount: Mount) -> None:
    if mount.type in (MountType.SECRET, MountType.SSH, MountType.CACHE):
        return
    fields = (("mode", mount.mode), ("uid", mount.uid), ("gid", mount.gid))
    for name, value in fields:
        if value is not None:
            raise Fault(f'{name} not allowed for "{mount.type.value}" type mounts')


def _check_secret(mount: Mount) -> None:
    if mount.type is not MountType.SECRET:
        return
    if mount.from_:
        raise Fault("secret mount should not have a from")
    if mount.sharing is not None:
        raise Fault("secret mount should not define sharing")
    if not (mount.source or mount.target or mount.id):
        raise Fault("invalid secret mount. one of source, target required")
    if mount.source and mount.id:
        raise Fault("both source and id can't be set")
