"""In which forms a command hands out grades: a table, JSON, JUnit XML, a web page."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from rich.console import Console

from labkit.course.markdown import render_foreign_markdown
from labkit.grading.model import Grade
from labkit.grading.report.document import report_json
from labkit.grading.report.junit import report_junit
from labkit.grading.report.page import report_page
from labkit.grading.report.table import print_report

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Reports:
    """The forms that were asked for."""

    as_json: bool = False
    junit: Path | None = None
    page: Path | None = None

    def save(self, grades: Sequence[Grade]) -> None:
        """Write the files that were asked for."""
        if self.junit:
            _save(self.junit, "--junit", report_junit(grades))
        if self.page:
            _save(self.page, "--html", report_page(grades, render_foreign_markdown))

    def show(self, grades: Sequence[Grade]) -> None:
        """Print the table, or JSON and nothing else."""
        if self.as_json:
            click.echo(report_json(grades), nl=False)
        else:
            print_report(Console(highlight=False), grades)


def report_options(command: F) -> F:
    """Add ``--json``, ``--junit`` and ``--html``; the command gets ``reports``."""

    @functools.wraps(command)
    def with_reports(as_json: bool, junit: Path, page: Path, **options: Any) -> Any:
        return command(**options, reports=Reports(as_json, junit, page))

    decorated: Callable[..., Any] = with_reports
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option(
            "--html", "page", type=file, metavar="FILE", help="Write a web page, too."
        ),
        click.option(
            "--junit", type=file, metavar="FILE", help="Write JUnit XML, too."
        ),
        click.option(
            "--json", "as_json", is_flag=True, help="Print JSON, nothing else."
        ),
    ):
        decorated = option(decorated)
    return cast(F, decorated)


def _save(path: Path, option: str, text: str) -> None:
    """Write a file; where that can't be, nobody may take it for a grade."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise click.UsageError(
            f"cannot write {option} {path}: {error.strerror}"
        ) from error
