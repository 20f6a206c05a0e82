"""A report for people: each exercise, its checks, and what to do about failures.

Nothing is said by colour alone: a sign and a word stand before every line.
"""

import io
from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from labkit.grading.model import Grade, Outcome, Verdict, worst
from labkit.grading.report.plain import printable, spell_total

_SIGNS = {
    Outcome.PASSED: ("✔ passed", "green"),
    Outcome.FAILED: ("✘ failed", "red"),
    Outcome.COULD_NOT_CHECK: ("? not checked", "yellow"),
}
_SIGN_WIDTH = 16
_WIDTH = 80


def print_report(console: Console, grades: Sequence[Grade]) -> None:
    """Print a report to a terminal, a notebook or a file.

    Where nothing of several exercises could be judged, for one and the same reason,
    that is all there is to say.
    """
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    judged = any(v.outcome is not Outcome.COULD_NOT_CHECK for v in verdicts)
    if judged or len(grades) == 1 or len(_reasons(verdicts)) > 1:
        for grade in grades:
            console.print(render_grade(grade))
    console.print(summary(grades))


def report_text(grades: Sequence[Grade]) -> str:
    """Return what a terminal of ordinary width shows, without its colours."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=_WIDTH,
        color_system=None,
        highlight=False,
        # In a kernel, rich would show it below the cell and leave the stream empty.
        force_jupyter=False,
    )
    print_report(console, grades)
    return stream.getvalue()


def render_grade(grade: Grade) -> RenderableType:
    """Return one exercise's report as something that rich prints."""
    parts: list[RenderableType] = [_heading(grade)]
    for verdict in grade.verdicts:
        parts.append(_line(verdict))
        parts.extend(Padding(part, (0, 0, 0, 6)) for part in _details(verdict))
    if grade.debrief:
        parts.append(Padding(Markdown(printable(grade.debrief)), (1, 2, 0, 2)))
    parts.append(Text())
    return Group(*parts)


def summary(grades: Sequence[Grade]) -> Text:
    """Return the last line: points, and what stands in the way of all of them."""
    outcome = worst(grade.outcome for grade in grades)
    sign, style = _SIGNS[outcome]
    line = Text(spell_total(grades), style="bold")
    reasons = _reasons(verdict for grade in grades for verdict in grade.verdicts)
    if reasons:
        line.append(f"  {sign}: {printable(reasons[0])}", style=style)
    elif outcome is Outcome.FAILED:
        todo = [grade.exercise for grade in grades if grade.outcome is outcome]
        line.append(f"  to do: {', '.join(todo)}", style=style)
    else:
        line.append(f"  {sign}", style=style)
    return line


def _reasons(verdicts: Iterable[Verdict]) -> list[str]:
    """Return why something could not be checked, each reason once."""
    return list(dict.fromkeys(v.own_reason for v in verdicts if v.own_reason))


def verdict_line(exercise: str, verdict: Verdict) -> Text:
    """Return one check as one line: its result, and the first thing that is amiss."""
    sign, style = _SIGNS[verdict.outcome]
    line = Text(f"{sign:<{_SIGN_WIDTH - 2}}", style=style)
    line.append(f"{exercise} {verdict.check}: {printable(verdict.title)}", "default")
    amiss = verdict.reason or ""
    for finding in verdict.findings[:1]:
        amiss = f"{finding.field}: expected {finding.expected}, found {finding.found}"
    if amiss:
        line.append(f"; {printable(amiss)}".replace("\n", " "), style="default")
    return line


def _heading(grade: Grade) -> Text:
    line = Text(f"{grade.exercise}  {grade.title}", style="bold")
    line.append(f"  {grade.points}/{grade.possible}", style="dim")
    return line


def _line(verdict: Verdict) -> RenderableType:
    """Put the sign in a column of its own, so that a long title stays beside it."""
    sign, style = _SIGNS[verdict.outcome]
    title = Text(printable(verdict.title))
    title.append(f"  ({verdict.points}/{verdict.possible})", style="dim")
    line = Table.grid()
    line.add_column(width=_SIGN_WIDTH)
    line.add_column(overflow="fold")
    line.add_row(Text(f"  {sign}", style=style), title)
    return line


def _details(verdict: Verdict) -> list[RenderableType]:
    if verdict.reason:
        return [Text(printable(verdict.reason), style="yellow")]
    details: list[RenderableType] = []
    for finding in verdict.findings:
        if finding.field == "needs":  # no failure of its own: one line will do
            details.append(Text(f"needs {finding.expected}", style="dim"))
            continue
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row("field", Text(printable(finding.field)))
        grid.add_row("expected", Text(printable(finding.expected)))
        grid.add_row("found", Text(printable(finding.found)))
        grid.add_row("next step", Text(printable(finding.next_step)))
        details.append(grid)
    return details
