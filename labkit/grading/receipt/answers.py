"""An observation as JSON and back, so that anybody can judge it once more.

Every kind of probe and answer has a word in the file that outlives a renamed class.
Sets are written in order: the same world gives the same bytes.
"""

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from labkit.base.errors import InvalidInputError
from labkit.grading import probes
from labkit.grading.probes import Answer, Observation, Probe

PROBES: dict[str, type] = {
    "container": probes.ContainerProbe,
    "network": probes.NetworkProbe,
    "volume": probes.VolumeProbe,
    "image": probes.ImageProbe,
    "logs": probes.LogsProbe,
    "file": probes.FileProbe,
    "stored file": probes.StoredFileProbe,
    "image text": probes.ImageTextProbe,
    "command": probes.CommandProbe,
    "resolve": probes.ResolveProbe,
    "connect": probes.ConnectProbe,
    "fetch": probes.FetchProbe,
    "page": probes.PageProbe,
    "registry": probes.RegistryProbe,
    "kernel": probes.KernelProbe,
}
ANSWERS: dict[str, type] = {
    "container": probes.Container,
    "network": probes.Network,
    "volume": probes.Volume,
    "image": probes.Image,
    "text": probes.Text,
    "command": probes.CommandResult,
    "resolution": probes.Resolution,
    "connection": probes.Connection,
    "page": probes.Page,
    "registry": probes.RegistryTag,
    "kernel": probes.Kernel,
    "unavailable": probes.Unavailable,
}
_TYPE = "type"
T = TypeVar("T")


def write_observation(seen: Observation) -> list[dict[str, Any]]:
    """Return an observation as a document for ``json.dumps``."""
    rows = [
        {
            "probe": _write(probe, PROBES),
            "answer": None if answer is None else _write(answer, ANSWERS),
        }
        for probe, answer in seen.answers.items()
    ]
    return sorted(rows, key=lambda row: repr(row["probe"]))


def read_observation(document: Any) -> Observation:
    """Read an observation back.

    Raises:
        InvalidInputError: it is none, or of a kind that is not known here.
    """
    if not isinstance(document, list):
        raise InvalidInputError("its observation is no list")
    answers: dict[Probe, Answer] = {}
    for row in document:
        if not isinstance(row, dict) or set(row) != {"probe", "answer"}:
            raise InvalidInputError("its observation has a row without probe or answer")
        answer = row["answer"]
        answers[_read(row["probe"], PROBES)] = (
            None if answer is None else _read(answer, ANSWERS)
        )
    return Observation(answers)


def _write(record: Any, table: Mapping[str, type]) -> dict[str, Any]:
    (kind,) = (word for word, known in table.items() if known is type(record))
    return {_TYPE: kind, **_plain(record)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _read(document: Any, table: Mapping[str, type]) -> Any:
    fields = dict(document) if isinstance(document, dict) else {}
    kind = fields.pop(_TYPE, None)
    if not isinstance(kind, str) or kind not in table:
        raise InvalidInputError(f"its observation has an unknown kind {kind!r}")
    try:
        return _adapter(table[kind]).validate_python(fields)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(step) for step in (kind, *problem["loc"]))
        raise InvalidInputError(f"its observation: {place}: {problem['msg']}") from None


@functools.lru_cache
def _adapter(record: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(record)
