"""Flags of an instruction: ``--from=build``, ``--link``, any number of ``--mount``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.suggest import with_suggestion


class Kind(Enum):
    TEXT = "text"
    TEXTS = "texts"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags that were given, by name."""

    given: Mapping[str, tuple[str, ...]]

    def text(self, name: str, default: str = "") -> str:
        return self.given.get(name, (default,))[0]

    def texts(self, name: str) -> tuple[str, ...]:
        return self.given.get(name, ())

    def is_set(self, name: str) -> bool:
        return self.text(name) == "true"

    def choice(self, name: str) -> bool | None:
        return self.is_set(name) if name in self.given else None


def parse_flags(words: Iterable[str], allowed: Mapping[str, Kind]) -> Flags:
    """Read flags.

    Raises:
        Fault: one is unknown, given twice, or has no value that makes sense.
    """
    given: dict[str, tuple[str, ...]] = {}
    for word in words:
        flag, equals, value = word.partition("=")
        name = flag.removeprefix("--")
        kind = allowed.get(name)
        if kind is None:
            raise Fault(with_suggestion(f"unknown flag: {flag}", name, allowed))
        if name in given and kind is not Kind.TEXTS:
            raise Fault(f"duplicate flag specified: {flag}")
        if kind is Kind.BOOL:
            value = _boolean(flag, equals, value)
        elif not equals:
            raise Fault(f"missing a value on flag: {flag}")
        given[name] = (*given.get(name, ()), value)
    return Flags(given)


def _boolean(flag: str, equals: str, value: str) -> str:
    if not equals:
        return "true"
    if not value:
        raise Fault(f"missing a value on flag: {flag}")
    if value.lower() not in ("true", "false"):
        raise Fault(f"expecting boolean value for flag {flag}, not: {value}")
    return value.lower()
