"""What a container is made of, asked of an engine and brought into rows for people.

Our engine tells it at ``/labkit/xray/{container}``. Another engine keeps most of it to
itself: there the Docker API's part is shown, and the rest is 'not visible here'.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import docker.errors

from labkit.base.errors import NotFoundError
from labkit.base.ids import SHORT_LENGTH
from labkit.course.xray_elsewhere import describe
from labkit.grading.observe.client import answering, connect, said

_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an x-ray: a table with named columns, or facts by name."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()


def look_inside(docker_host: str, container: str) -> dict[str, Any]:
    """Return all that an engine tells of a container's insides.

    Raises:
        NotFoundError: there is no such container.
        UnavailableError: nobody answers at the address.
    """
    try:
        with closing(connect(docker_host)) as client, answering(docker_host):
            # The plain session of docker-py: this path is none of Docker's own.
            url = f"{client.base_url}/labkit/xray/{container}"
            answer = client.get(url, timeout=client.timeout)
            if answer.status_code == 200 and "json" in _content_type(answer.headers):
                record: dict[str, Any] = answer.json()
                return record
            return describe(client.inspect_container(container))
    except docker.errors.NotFound as error:
        raise NotFoundError(said(error)) from error


def read_sections(record: Mapping[str, Any]) -> Iterator[Section]:
    """Bring a record into rows of text; what is empty is left out."""
    for title, part in record.items():
        if _is_empty(part):
            continue
        if isinstance(part, list) and isinstance(part[0], Mapping):
            yield _table(_spelled(title), part)
        else:
            yield Section(_spelled(title), tuple(_facts(part)))


def _table(title: str, records: list[Mapping[str, Any]]) -> Section:
    """Put records of one shape side by side; an empty column is left out."""
    columns = dict.fromkeys(
        name for row in records for name, value in row.items() if not _is_empty(value)
    )
    rows = tuple(tuple(_text(row.get(name)) for name in columns) for row in records)
    return Section(title, rows, tuple(_spelled(name) for name in columns))


def _facts(part: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a part: nested names are joined, lists go one a row."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if not _is_empty(value):
                yield from _facts(value, f"{prefix} {_spelled(name)}".strip())
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield ("" if number else prefix, _text(item))
    else:
        yield (prefix, _text(part))


def _text(value: Any) -> str:
    if _is_empty(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        facts = (f"{_spelled(name)} {_text(item)}" for name, item in value.items())
        return ", ".join(facts)
    # Of an id inside a path twelve digits say enough.
    return _ID.sub(lambda match: f"{match[0][:SHORT_LENGTH]}…", str(value))


def _is_empty(value: Any) -> bool:
    return value in (None, [], {}, "")


def _spelled(name: str) -> str:
    return name.replace("_", " ")


def _content_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "")
