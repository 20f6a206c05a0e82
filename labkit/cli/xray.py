"""``labkit xray``: what a container is made of, beside the flags that asked for it.

Our engine tells it at ``/labkit/xray/{container}``. Another engine keeps most of it to
itself: there the Docker API's part is shown, and the rest is 'not visible here'.
"""

import json
from collections.abc import Mapping
from typing import Any

import click
import docker
import docker.errors
from rich.console import Console
from rich.table import Table
from rich.text import Text

from labkit.base.errors import NotFoundError
from labkit.cli.engine_process import ensure_engine
from labkit.cli.xray_elsewhere import describe
from labkit.grading.observe.client import answering, connect, said


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
    """Print a record: a heading for each part, a row for each fact."""
    for title, part in record.items():
        if part in (None, [], {}, ""):
            continue
        console.print(Text(_spelled(title).upper(), style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in _rows(part):
            table.add_row(Text(f"  {name}"), Text(value))
        console.print(table)


def _rows(part: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Flatten a part to rows: nested names are joined, lists go one a line."""
    if isinstance(part, Mapping):
        return [
            row
            for name, value in part.items()
            if value not in (None, [], {}, "")
            for row in _rows(value, f"{prefix} {_spelled(name)}".strip())
        ]
    if isinstance(part, list):
        rows: list[tuple[str, str]] = []
        for item in part:
            rows += _list_rows(item, "" if rows else prefix)
        return rows
    return [(prefix, _text(part))]


def _list_rows(item: Any, prefix: str) -> list[tuple[str, str]]:
    if isinstance(item, Mapping):
        facts = [
            f"{_spelled(name)} {_text(value)}"
            for name, value in item.items()
            if value not in (None, [], {}, "")
        ]
        return [(prefix, ", ".join(facts))]
    return [(prefix, _text(item))]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{_spelled(key)} {_text(item)}" for key, item in value.items()
        )
    return str(value)


def _spelled(name: str) -> str:
    return name.replace("_", " ")


def _content_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "")
