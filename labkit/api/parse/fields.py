"""A JSON object read field by field, with the type that each field must have.

Docker's clients send ``null``, ``[]``, ``{}`` and nothing at all for the same thing, so
all of them give the default; a value of another type is refused with its path. As for
Go, the case of a name does not count: ``{"image": "nginx"}`` is understood, too.
"""

import json
import re
from typing import Any, TypeVar

from labkit.base.errors import InvalidInputError
from labkit.base.go_json import explain

T = TypeVar("T")
D = TypeVar("D")

_GO_NAMES: dict[type, str] = {
    bool: "bool",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_LARGEST = (1 << 63) - 1
_SMALLEST = -(1 << 63)
NULL_BYTE = "invalid argument: a text holds a null byte"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Fields:
    """One JSON object; ``path`` says in errors where it stands."""

    def __init__(self, document: Any, path: str = "") -> None:
        if document is None:
            document = {}
        if not isinstance(document, dict):
            raise _wrong_type(document, path or "body", "object")
        self._document: dict[str, Any] = document
        self._names: dict[str, str] | None = None  # made when one is missed
        self._path = path

    def __contains__(self, name: str) -> bool:
        return self._find(name) is not None

    @property
    def is_empty(self) -> bool:
        return not self._document

    def text(self, name: str) -> str:
        return self._get(name, str, "string", "")

    def flag(self, name: str) -> bool:
        return self._get(name, bool, "bool", False)

    def integer(self, name: str, default: int = 0) -> int:
        value: int = self._get(name, int, "int64", default)
        if isinstance(value, bool) or not _SMALLEST <= value <= _LARGEST:
            raise _wrong_type(value, self._where(name), "int64")
        return value

    def maybe_integer(self, name: str) -> int | None:
        return self.integer(name) if name in self else None

    def maybe_flag(self, name: str) -> bool | None:
        return self.flag(name) if name in self else None

    def integers(self, name: str) -> tuple[int, ...]:
        value: list[Any] = self._get(name, list, "[]int", [])
        for item in value:
            if not isinstance(item, int) or isinstance(item, bool):
                raise _wrong_type(item, self._where(name), "int")
        return tuple(value)

    def texts(self, name: str) -> tuple[str, ...]:
        return self.maybe_texts(name) or ()

    def maybe_texts(self, name: str) -> tuple[str, ...] | None:
        """Return None where nothing was said, which may differ from an empty list."""
        value = self._get(name, list, "[]string", None)
        if value is None:
            return None
        for item in value:
            if not isinstance(item, str):
                raise _wrong_type(item, self._where(name), "string")
        return tuple(value)

    def text_lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Read a list of lists of texts."""
        value = self._get(name, list, "[][]string", None) or []
        where = self._where(name)
        return tuple(Fields({"": item}, where).texts("") for item in value)

    def command(self, name: str) -> tuple[str, ...] | None:
        """Read a command: a list of words, or one word as a plain string."""
        value = self._find(name)
        if isinstance(value, str):
            return (value,)
        return self.maybe_texts(name)

    def text_map(self, name: str) -> dict[str, str]:
        return self.maybe_text_map(name) or {}

    def maybe_text_map(self, name: str) -> dict[str, str] | None:
        """Return None where nothing was said, which may differ from an empty map."""
        value = self._get(name, dict, "map[string]string", None)
        if value is None:
            return None
        for item in value.values():
            if not isinstance(item, str):
                raise _wrong_type(item, self._where(name), "string")
        return dict(value)

    def names(self, name: str) -> tuple[str, ...]:
        """Return the keys of a set, which Go spells ``{"80/tcp": {}}``."""
        return tuple(self.field_map(name))

    def fields(self, name: str) -> "Fields":
        return Fields(self._find(name), self._where(name))

    def field_map(self, name: str) -> dict[str, "Fields"]:
        value: dict[str, Any] = self._get(name, dict, "map", {})
        where = self._where(name)
        return {key: Fields(item, f"{where}.{key}") for key, item in value.items()}

    def field_lists(self, name: str) -> dict[str, tuple["Fields", ...]]:
        """Read a map of lists of objects, such as ``PortBindings``."""
        value: dict[str, Any] = self._get(name, dict, "map", {})
        inner = Fields(value, self._where(name))
        return {key: inner.list_of_fields(key) for key in value}

    def list_of_fields(self, name: str) -> tuple["Fields", ...]:
        value: list[Any] = self._get(name, list, "array", [])
        where = self._where(name)
        return tuple(
            Fields(item, f"{where}[{index}]") for index, item in enumerate(value)
        )

    def _where(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _find(self, name: str) -> Any:
        exact = self._document.get(name)
        if exact is not None:
            return exact
        if self._names is None:
            self._names = {known.lower(): known for known in self._document}
        return self._document.get(self._names.get(name.lower(), name))

    def _get(self, name: str, kind: type[T], wanted: str, default: D) -> T | D:
        value = self._find(name)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise _wrong_type(value, self._where(name), wanted)
        return value


def read_json(data: bytes) -> Any:
    """Parse a body; errors in the words of Go's parser, as Docker gives them."""
    try:
        document = json.loads(data, parse_constant=_refuse_constant)
        if b"\\u0000" in data:
            _refuse_null_bytes(document)
        if _ESCAPED_SURROGATE.search(data):
            # Half a pair is no character, and no file takes it: replaced, as Go does.
            text = json.dumps(document, ensure_ascii=False)
            document = json.loads(
                text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
        return document
    except json.JSONDecodeError as error:
        raise InvalidInputError(f"invalid JSON: {explain(error)}") from error
    except ValueError as error:  # no UTF-8, or a number of thousands of digits
        raise InvalidInputError(f"invalid JSON: {error}") from error
    except RecursionError as error:
        raise InvalidInputError("invalid JSON: exceeded max depth") from error


def _refuse_constant(name: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which only Python takes for JSON."""
    raise ValueError(f"invalid character {name[0]!r} looking for beginning of value")


def _refuse_null_bytes(document: Any) -> None:
    """Refuse what no name, path, argument or variable of Linux can hold."""
    if isinstance(document, str) and "\0" in document:
        raise InvalidInputError(f"{NULL_BYTE}: {document!r}")
    if isinstance(document, dict):
        _refuse_null_bytes([*document, *document.values()])
    elif isinstance(document, list):
        for item in document:
            _refuse_null_bytes(item)


def _wrong_type(value: Any, path: str, wanted: str) -> InvalidInputError:
    found = _GO_NAMES.get(type(value), type(value).__name__)
    return InvalidInputError(
        f"invalid JSON: cannot unmarshal {found} into field {path} of type {wanted}"
    )
