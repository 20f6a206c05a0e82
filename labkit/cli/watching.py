"""Show one grade after another: a table that is redrawn, or lines elsewhere."""

import json
from collections.abc import Callable, Iterator, Sequence

import click
from rich.console import Console
from rich.text import Text

from labkit.cli.reports import Reports
from labkit.grading.model import Grade, Verdict
from labkit.grading.report.document import report_document
from labkit.grading.report.table import print_report, summary, verdict_line

_FOOTER = "watching; ctrl-c ends it"


def follow(
    grades: Iterator[tuple[Grade, ...]],
    reports: Reports,
    remember: Callable[[Sequence[Grade]], None],
) -> tuple[Grade, ...]:
    """Show grades as they come, until ctrl-c; return the last ones."""
    console = Console(highlight=False)
    last: tuple[Grade, ...] = ()
    try:
        for now in grades:
            remember(now)
            reports.save(now)
            _show(console, reports, last, now)
            last = now
    except KeyboardInterrupt:
        if not last:
            raise click.Abort from None
    return last


def _show(
    console: Console,
    reports: Reports,
    before: Sequence[Grade],
    now: Sequence[Grade],
) -> None:
    if reports.as_json:  # a document a line
        click.echo(json.dumps(report_document(now), ensure_ascii=False))
    elif console.is_terminal:
        console.clear()
        print_report(console, now)
        console.print(Text(_FOOTER, style="dim"))
    elif lines := list(changed_lines(before, now)):
        for line in lines:
            console.print(line, soft_wrap=True)
        console.print(summary(now), soft_wrap=True)


def changed_lines(before: Sequence[Grade], now: Sequence[Grade]) -> Iterator[Text]:
    """Yield a line for each check whose verdict is another one than before."""
    known: dict[tuple[str, str], Verdict] = {
        (grade.exercise, verdict.check): verdict
        for grade in before
        for verdict in grade.verdicts
    }
    for grade in now:
        for verdict in grade.verdicts:
            if known.get((grade.exercise, verdict.check)) != verdict:
                yield verdict_line(grade.exercise, verdict)
