"""Files of containers as ``docker diff`` and ``docker cp`` show them."""

from typing import Any

from labkit.snapshots.model import Change, ChangeKind

_KINDS = {ChangeKind.CHANGED: 0, ChangeKind.ADDED: 1, ChangeKind.DELETED: 2}


def describe_change(change: Change) -> dict[str, Any]:
    return {"Path": change.path, "Kind": _KINDS[change.kind]}
