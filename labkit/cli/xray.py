"""``labkit xray``: what a container is made of, beside the flags that asked for it."""

import json
from collections.abc import Iterable

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from labkit.cli.engine_process import ensure_engine
from labkit.course.xray import Section, look_inside, read_sections


@click.command()
@click.argument("container")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def xray(container: str, as_json: bool) -> None:
    """Show a container's namespaces, cgroup, layers and network, as they are."""
    record = look_inside(ensure_engine(), container)
    if as_json:
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        print_sections(Console(highlight=False), read_sections(record))


def print_sections(console: Console, sections: Iterable[Section]) -> None:
    """Print a heading for each part; a table, or a row for each fact."""
    for section in sections:
        console.print(Text(section.title.upper(), style="bold"))
        table = _table(section) if section.columns else _facts()
        for row in section.rows:
            table.add_row(*map(Text, row))
        console.print(Padding(table, (0, 0, 0, 2)))


def _table(section: Section) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in section.columns:
        table.add_column(name, overflow="fold")
    return table


def _facts() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table
