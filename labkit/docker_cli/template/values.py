"""The values that templates see: JSON's, and a few that Go knows apart.

Go's struct and map print differently and fail differently; JSON has one object for
both. ``Struct`` is an object whose fields are fixed, a plain dict is a map.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json


class Struct(dict[str, object]):
    """An object with fixed fields, of a Go type with this name."""

    type_name = "struct"


class Absent:
    """What a map has under a key that it lacks; prints as ``<no value>``."""

    def __repr__(self) -> str:
        return "<no value>"


class NilPointer:
    """A pointer to nothing: ``State.Health`` of a container without a health check."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        return "<nil>"


class NilList(list[object]):
    """A Go slice that was never made: empty, and ``null`` in JSON."""


class NilMap(dict[str, object]):
    """A Go map that was never made: empty, and ``null`` in JSON."""


ABSENT = Absent()


def is_true(value: object) -> bool:
    """Say what ``if`` makes of a value: whatever is empty is false."""
    if value is None or isinstance(value, (Absent, NilPointer)):
        return False
    if isinstance(value, Struct):
        return True
    if isinstance(value, (bool, int, float, str, list, tuple, dict)):
        return bool(value)
    return True


def type_name(value: object, raw: bool = False) -> str:
    """Return a value's type as Go names it."""
    if value is None or isinstance(value, Absent):
        return "interface {}"
    if raw:
        return "interface {}"
    if isinstance(value, bool):
        return "bool"
    for kind, name in ((int, "int"), (float, "float64"), (str, "string")):
        if isinstance(value, kind):
            return name
    if isinstance(value, Struct):
        return value.type_name
    if isinstance(value, dict):
        return "map[string]interface {}"
    if isinstance(value, (list, tuple)):
        return "[]string" if value and isinstance(value[0], str) else "[]interface {}"
    return str(getattr(value, "type_name", type(value).__name__))


def plain(value: Json) -> Json:
    """Return a value as JSON has it, for ``json``."""
    as_json = getattr(value, "as_json", None)
    if as_json is not None:
        return plain(as_json())
    if isinstance(value, (Absent, NilPointer, NilList, NilMap)):
        return None
    if isinstance(value, dict):
        names = {"ID": "Id"} if isinstance(value, Struct) else {}
        return {names.get(key, key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value
