"""Dataclasses to JSON documents and back, by their annotations.

One mechanism serves OCI documents (``camelCase`` keys), our own records
(``snake_case`` keys) and any other document whose shape is a dataclass:

    encode(spec, camel_case)            -> dict for json.dumps
    decode(Spec, document, camel_case)  -> Spec, or InvalidInputError with the path

Rules: a field's key is its name put through the naming function unless its metadata
holds ``key``; ``None`` and, for fields with metadata ``omit_empty``, empty values are
left out; unknown keys are ignored (specifications grow); a key that holds null counts
as absent; enums travel by value.
Known types: str, int, float, bool, None, Enum, Digest-like classes with ``.text``,
dataclasses, tuple[T, ...], dict[str, T], Optional and Any.
"""

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError

T = TypeVar("T")
Naming = Callable[[str], str]
_UNIONS = (types.UnionType, typing.Union)


def camel_case(name: str) -> str:
    """Turn ``no_new_privileges`` into ``noNewPrivileges``, OCI's spelling."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def same_name(name: str) -> str:
    """Keep Python's spelling: for our own records."""
    return name


def key(name: str, **extra: Any) -> dict[str, Any]:
    """Return field metadata for a key that the naming rule would not give."""
    return {"key": name, **extra}


def encode(value: Any, naming: Naming) -> Any:
    """Turn a record into what ``json.dumps`` takes."""
    if value is None or isinstance(value, (str, int, float)):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, Digest):
        return value.text
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        document = {}
        for name, json_key, _, omit_empty in _fields(type(value), naming):  # type: ignore[arg-type]
            item = getattr(value, name)
            if item is None or (omit_empty and not item):
                continue
            document[json_key] = encode(item, naming)
        return document
    if isinstance(value, (tuple, list)):
        return [encode(item, naming) for item in value]
    if isinstance(value, dict):
        return {name: encode(item, naming) for name, item in value.items()}
    raise TypeError(f"cannot encode {type(value).__name__}")


def decode(wanted: type[T], document: Any, naming: Naming, path: str = "") -> T:
    """Build a record from a parsed JSON document.

    Raises:
        InvalidInputError: a value has the wrong type or a field without default is
            missing; the message names the path, such as ``linux.namespaces[0].type``.
    """
    return typing.cast(T, _decode(wanted, document, naming, path or wanted.__name__))


def prepare(wanted: Any, naming: Naming) -> None:
    """Work out ahead of time what is to be known of a record and of those in it.

    For a process that forks: its children need not find it out each for himself.
    """
    seen: set[Any] = set()
    waiting = [wanted]
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue  # a record may hold others of its own kind
        seen.add(kind)
        waiting += typing.get_args(kind)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            waiting += [hint for _, _, hint, _ in _fields(kind, naming)]


@functools.cache
def _fields(cls: type, naming: Naming) -> tuple[tuple[str, str, Any, bool], ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        (
            field.name,
            field.metadata.get("key") or naming(field.name),
            hints[field.name],
            bool(field.metadata.get("omit_empty")),
        )
        for field in dataclasses.fields(cls)
    )


@functools.cache
def _plain_types(hint: Any) -> frozenset[type]:
    """Return the types whose values are taken as they are where ``hint`` is wanted."""
    is_union = typing.get_origin(hint) in _UNIONS
    options = typing.get_args(hint) if is_union else (hint,)
    return frozenset(options) & {str, int, bool}


def _decode(wanted: Any, value: Any, naming: Naming, path: str) -> Any:
    if wanted is Any:
        return value
    origin = typing.get_origin(wanted)
    if origin in _UNIONS:
        options = typing.get_args(wanted)
        if value is None and type(None) in options:
            return None
        (only,) = (option for option in options if option is not type(None))
        return _decode(only, value, naming, path)
    if origin is tuple:
        (item,) = (arg for arg in typing.get_args(wanted) if arg is not Ellipsis)
        _expect(value, (list, tuple), path)
        plain = _plain_types(item)
        if plain and all(type(entry) in plain for entry in value):
            return tuple(value)
        return tuple(
            _decode(item, entry, naming, f"{path}[{index}]")
            for index, entry in enumerate(value)
        )
    if origin is dict:
        item = typing.get_args(wanted)[1]
        _expect(value, (dict,), path)
        return {
            name: _decode(item, entry, naming, f"{path}.{name}")
            for name, entry in value.items()
        }
    if dataclasses.is_dataclass(wanted) and wanted is not Digest:
        return _decode_record(typing.cast(type, wanted), value, naming, path)
    return _decode_scalar(wanted, value, path)


def _decode_record(wanted: type, value: Any, naming: Naming, path: str) -> Any:
    _expect(value, (dict,), path)
    arguments = {}
    for name, json_key, hint, _ in _fields(wanted, naming):
        found = value.get(json_key)
        if type(found) in _plain_types(hint):  # most are: they need no further look
            arguments[name] = found
        elif found is not None:
            arguments[name] = _decode(hint, found, naming, f"{path}.{json_key}")
    try:
        return wanted(**arguments)
    except TypeError as error:
        raise InvalidInputError(f"cannot read {path}: {error}") from error


def _decode_scalar(wanted: Any, value: Any, path: str) -> Any:
    if wanted is Digest:
        _expect(value, (str,), path)
        return Digest(value)
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        try:
            return wanted(value)
        except ValueError as error:
            raise InvalidInputError(f"cannot read {path}: {error}") from error
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is int and isinstance(value, bool):
        raise InvalidInputError(f"cannot read {path}: expected int, found bool")
    _expect(value, (wanted,), path)
    return value


def _expect(value: Any, wanted: tuple[type, ...], path: str) -> None:
    if not isinstance(value, wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        found = type(value).__name__
        raise InvalidInputError(f"cannot read {path}: expected {names}, found {found}")
