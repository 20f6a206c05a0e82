"""``labkit xray``: what a container is made of, beside the flags that asked for it.

Our engine tells it at ``/labkit/xray/{container}``. Another engine keeps most of it to
itself: there the Docker API's part is shown, and the rest is 'not visible here'.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import click
import docker
import docker.errors
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from labkit.base.errors import NotFoundError
from labkit.base.ids import SHORT_LENGTH
from labkit.cli.engine_process import ensure_engine
from labkit.cli.xray_elsewhere import describe
from labkit.grading.observe.client import answering, connect, said

_ID = re.compile(r"[0-9a-f]{64}")


@click.command()
@click.argument("container")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def xray(container: str, as_json: bool) -> None:
    """Show a container's namespaces, cgroup, layers and network, as they are."""
    record = look_inside(ensure_engine(), container)
    if as_json:
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        print_xray(Console(highlight=False), record)


def look_inside(docker_host: str, container: str) -> dict[str, Any]:
    """Return all that an engine tells of a container's insides.

    Raises:
        NotFoundError: there is no such container.
        UnavailableError: nobody answers at the address.
    """
    client = connect(docker_host)
    try:
        with answering(docker_host):
            # The plain session of docker-py: this path is none of Docker's own.
            url = f"{client.base_url}/labkit/xray/{container}"
            answer = client.get(url, timeout=client.timeout)
            if answer.status_code == 200 and "json" in _content_type(answer.headers):
                record: dict[str, Any] = answer.json()
                return record
            return describe(client.inspect_container(container))
    except docker.errors.NotFound as error:
        raise NotFoundError(said(error)) from error
    finally:
        client.close()


def print_xray(console: Console, record: Mapping[str, Any]) -> None:
    """Print a record: a heading for each part; a table, or a row for each fact."""
    for title, part in record.items():
        if _is_empty(part):
            continue
        console.print(Text(_spelled(title).upper(), style="bold"))
        if isinstance(part, list) and isinstance(part[0], Mapping):
            console.print(Padding(_table(part), (0, 0, 0, 2)))
        else:
            console.print(Padding(_facts(part), (0, 0, 0, 2)))


def _table(rows: list[Mapping[str, Any]]) -> Table:
    """Show records of one shape side by side; a column that is empty is left out."""
    columns = dict.fromkeys(
        name for row in rows for name, value in row.items() if not _is_empty(value)
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(_spelled(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_text(row.get(name))) for name in columns))
    return table


def _facts(part: Any) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(part):
        table.add_row(Text(name), Text(value))
    return table


def _rows(part: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a part to rows: nested names are joined, lists go one a line."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if not _is_empty(value):
                yield from _rows(value, f"{prefix} {_spelled(name)}".strip())
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
