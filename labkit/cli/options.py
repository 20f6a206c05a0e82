"""Options and questions that several verbs share."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def place_options(command: F) -> F:
    """Add ``--data-root`` and ``--socket``: which engine is meant."""
    root = click.option("--data-root", metavar="DIR", help="Where its data is.")
    path = click.option("--socket", metavar="PATH", help="Where it listens.")
    return root(path(command))


def confirm(question: str, yes: bool) -> None:
    """Ask on a terminal; elsewhere only ``--yes`` says yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("not asked, as this is no terminal: say --yes")
    click.confirm(question, abort=True)
