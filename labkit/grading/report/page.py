"""A report as one web page: nothing beside it, nothing in it that runs.

Texts that a learner's world chose are escaped, and the page's own policy (CSP) forbids
scripts and everything from elsewhere, should one slip through. A result is a sign and
a word before it is a colour; in print an exercise stays on one sheet where it fits.
"""

import html
from collections.abc import Callable, Iterator, Sequence

from labkit.grading.checks.model import Finding
from labkit.grading.model import Grade, Outcome, Verdict, worst
from labkit.grading.report.plain import printable, spell_total

Renderer = Callable[[str], str]
"""Makes HTML of Markdown whose own HTML is text."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'"
_SIGNS = {
    Outcome.PASSED: ("✔", "passed"),
    Outcome.FAILED: ("✘", "failed"),
    Outcome.COULD_NOT_CHECK: ("?", "unsure"),
}
_STYLE = """\
:root { color-scheme: light dark; --edge: #8888; --passed: #1b6e20; --failed: #b3261e;
  --unsure: #8a5300 }
@media (prefers-color-scheme: dark) {
  :root { --passed: #81c784; --failed: #ff8a80; --unsure: #ffb74d } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem;
  padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: bold; padding: .3rem 0 }
th, td { border-bottom: 1px solid var(--edge); padding: .3rem .6rem .3rem 0;
  text-align: left; vertical-align: top; overflow-wrap: anywhere }
.points, .result { white-space: nowrap; overflow-wrap: normal }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem;
  margin: .3rem 0 }
dt { opacity: .75 } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.passed { color: var(--passed) } .failed { color: var(--failed) }
.unsure { color: var(--unsure) }
@media print {
  :root { color-scheme: light } body { font-size: 10pt; max-width: none; padding: 0 }
  section { break-inside: avoid } h2 { break-after: avoid }
  a { text-decoration: none } }
"""


def report_page(grades: Sequence[Grade], render: Renderer) -> str:
    """Return a report as a page; ``render`` turns its Markdown into HTML."""
    outcome = worst(grade.outcome for grade in grades)
    total = spell_total(grades)
    sections = "\n".join(_section(grade, render) for grade in grades)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>labkit report: {total}, {outcome.value}</title>
<style>
{_STYLE}</style>
</head>
<body>
<main>
<h1>Report: {total}, {_result(outcome)}</h1>
{_overview(grades)}
{sections}
</main>
</body>
</html>
"""


def _overview(grades: Sequence[Grade]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row"><a href="#{_text(grade.exercise)}">'
        f"{_text(grade.exercise)}</a></th><td>{_text(grade.title)}</td>"
        f'<td class="result">{_result(grade.outcome)}</td>{_points(grade)}</tr>'
        for grade in grades
    )
    return _table("All exercises", ("Exercise", "Title", "Result", "Points"), rows)


def _section(grade: Grade, render: Renderer) -> str:
    name = _text(grade.exercise)
    rows = "\n".join(
        f'<tr><td class="result">{_result(verdict.outcome)}</td>'
        f"<td>{_text(verdict.title)}{''.join(_details(verdict))}</td>"
        f"{_points(verdict)}</tr>"
        for verdict in grade.verdicts
    )
    debrief = render(printable(grade.debrief)) if grade.debrief else ""
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{name}: '
        f"{_text(grade.title)}</h2>\n"
        f"{_table(f'Checks of {name}', ('Result', 'Check', 'Points'), rows)}\n"
        f"{debrief}</section>"
    )


def _details(verdict: Verdict) -> Iterator[str]:
    if verdict.reason:
        yield f'<dl class="reason"><dt>reason</dt><dd>{_text(verdict.reason)}</dd></dl>'
    for finding in verdict.findings:
        yield _finding(finding)


def _finding(finding: Finding) -> str:
    rows = {
        "field": finding.field,
        "expected": finding.expected,
        "found": finding.found,
        "next step": finding.next_step,
    }
    items = "".join(f"<dt>{name}</dt><dd>{_text(rows[name])}</dd>" for name in rows)
    return f"<dl>{items}</dl>"


def _table(caption: str, headings: Sequence[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _points(scored: Grade | Verdict) -> str:
    return f'<td class="points">{scored.points} of {scored.possible}</td>'


def _result(outcome: Outcome) -> str:
    sign, style = _SIGNS[outcome]
    mark = f'<span aria-hidden="true">{sign}</span>'
    return f'<span class="{style}">{mark} {outcome.value}</span>'


def _text(value: str) -> str:
    return html.escape(printable(value))
