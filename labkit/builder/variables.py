"""The variables that are in force, as a value that is cheap to add to.

A Dockerfile may set thousands, one by one, and each step has a picture of its own. To
copy all of them each time would take the square of it: so what was set last is kept
apart until it is much.
"""

from collections.abc import Iterator, Mapping

_MOST_RECENT = 64


class Variables(Mapping[str, str]):
    """Names and values, in the order in which the names came."""

    __slots__ = ("_older", "_recent")

    def __init__(
        self, older: Mapping[str, str] = {}, recent: Mapping[str, str] = {}
    ) -> None:
        self._older = older
        self._recent = recent

    def __getitem__(self, name: str) -> str:
        value = self._recent.get(name)
        return self._older[name] if value is None else value

    def __contains__(self, name: object) -> bool:
        return name in self._recent or name in self._older

    def __iter__(self) -> Iterator[str]:
        yield from self._older
        yield from (name for name in self._recent if name not in self._older)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def extended(self, pairs: Mapping[str, str]) -> "Variables":
        """Return these and some more, which win."""
        recent = {**self._recent, **pairs}
        if len(recent) < _MOST_RECENT:
            return Variables(self._older, recent)
        return Variables({**self._older, **recent})
