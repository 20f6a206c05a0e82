"""Files of containers as ``docker diff`` and ``docker cp`` show them."""

import base64
import json
import stat
from typing import Any

from labkit.base.clock import format_time
from labkit.files.model import FileStatus
from labkit.snapshots.model import Change, ChangeKind

STATUS_HEADER = "X-Docker-Container-Path-Stat"

_KINDS = {ChangeKind.CHANGED: 0, ChangeKind.ADDED: 1, ChangeKind.DELETED: 2}


def describe_change(change: Change) -> dict[str, Any]:
    return {"Path": change.path, "Kind": _KINDS[change.kind]}


# Go's os.FileMode: the kind and the special bits are at the top, not where stat(2) has
# them.
_GO_TYPES = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
    stat.S_IFIFO: 1 << 25,
    stat.S_IFSOCK: 1 << 24,
}
_GO_BITS = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}


def encode_status(status: FileStatus) -> str:
    """Spell a file's status as the header does: JSON in base64."""
    body = {
        "name": status.name,
        "size": status.size,
        "mode": go_mode(status.mode),
        "mtime": format_time(status.modified_ns),
        "linkTarget": status.link_target,
    }
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def go_mode(mode: int) -> int:
    """Turn stat(2)'s mode into Go's."""
    special = sum(bit for own, bit in _GO_BITS.items() if mode & own)
    return mode & 0o777 | special | _GO_TYPES.get(stat.S_IFMT(mode), 0)
