"""What the notebook shows, as HTML with a plain text beside it. Pure.

Colours are JupyterLab's own variables, so light and dark themes both work, and every
result is a sign and a word before it is a colour. ``role=status`` lets a screen
reader say a result when it appears.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass

from labkit.base.units import spell_size
from labkit.course.execute import Outcome, Status
from labkit.course.markdown import render_foreign_markdown, render_markdown
from labkit.course.standing import Standing
from labkit.course.xray import Section
from labkit.grading.model import Exercise, Grade, Verdict
from labkit.grading.model import Outcome as Result
from labkit.grading.report.plain import printable, spell_total
from labkit.grading.report.table import report_text
from labkit.jupyter.sections import draw_sections
from labkit.jupyter.stack import draw_stack
from labkit.jupyter.standings import draw_standings
from labkit.layers.compare import summary
from labkit.layers.model import ImageReport

_PASSED = ("✔", "var(--jp-success-color1, #2e7d32)")
_FAILED = ("✘", "var(--jp-error-color1, #c62828)")
_UNSURE = ("?", "var(--jp-warn-color1, #b26a00)")

_STEP_SIGNS = {
    Status.OK: _PASSED,
    Status.FAILED: _FAILED,
    Status.SKIPPED: ("–", "var(--jp-info-color1, #0277bd)"),
    Status.COULD_NOT_CHECK: _UNSURE,
}
_RESULT_SIGNS = {
    Result.PASSED: _PASSED,
    Result.FAILED: _FAILED,
    Result.COULD_NOT_CHECK: _UNSURE,
}
_BOX = (
    "border-left: 4px solid {color}; padding: 0.25em 0.75em; margin: 0.25em 0; "
    "color: var(--jp-ui-font-color1, inherit)"
)
_CELL = "text-align: left; vertical-align: top; padding: 0.2em 0.8em 0.2em 0"


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to show: IPython asks for the richest form that it can."""

    page: str
    text: str

    def _repr_html_(self) -> str:
        return self.page

    def __repr__(self) -> str:
        return self.text


def show_outcome(outcome: Outcome) -> Shown:
    """Show what a step did."""
    sign, color = _STEP_SIGNS[outcome.status]
    facts = f"step {outcome.step.id}, {outcome.seconds:.1f} s"
    reason = f": {outcome.reason}" if outcome.reason else ""
    head = f"<strong>{sign} {outcome.status.value}</strong>"
    return Shown(
        page=_box(color, f"{head}{_text(reason)} <small>({_text(facts)})</small>"),
        text=f"{sign} {outcome.status.value}{reason} ({facts})",
    )


def show_text(text: str) -> Shown:
    """Show one sentence."""
    return Shown(_box("var(--jp-info-color1, #0277bd)", _text(text)), text)


def show_problem(text: str) -> Shown:
    """Show why something could not be done."""
    sign, color = _UNSURE
    head = f"<strong>{sign} not possible</strong>: "
    return Shown(_box(color, head + _text(text)), f"{sign} not possible: {text}")


def show_hint(text: str, tier: int, tiers: int) -> Shown:
    """Show a hint."""
    head = f"<strong>Hint {tier} of {tiers}</strong>"
    page = _box("var(--jp-info-color1, #0277bd)", head + render_markdown(text))
    return Shown(page, f"Hint {tier} of {tiers}: {text}")


def show_xray(name: str, sections: Iterable[Section]) -> Shown:
    """Show what a container is made of."""
    parts = tuple(sections)
    lines = [f"x-ray of {name}"]
    for part in parts:
        lines += [part.title.upper(), *("  ".join(row) for row in part.rows)]
    return Shown(draw_sections(f"x-ray of {name}", parts), "\n".join(lines))


def show_layers(report: ImageReport) -> Shown:
    """Show an image's layers as a stack."""
    lines = [
        f"  {layer.number} {layer.instruction}: {spell_size(layer.size)}"
        for layer in report.layers
    ]
    return Shown(draw_stack(report), "\n".join([summary(report), *lines]))


def show_progress(standings: Iterable[Standing], current: str) -> Shown:
    """Show where the learner stands."""
    rows = tuple(standings)
    lines = [
        f"{row.title}: {row.steps_done} of {row.steps} steps, "
        f"{row.exercises_solved} of {row.exercises} exercises, {row.points:g} points"
        for row in rows
    ]
    return Shown(draw_standings(rows, current), "\n".join(lines))


def show_task(exercise: Exercise) -> Shown:
    """Show what an exercise asks, with this learner's values."""
    return Shown(render_markdown(exercise.task), exercise.task)


def show_grade(grade: Grade) -> Shown:
    """Show an exercise's result: each check, and what to do about failures."""
    sign, color = _RESULT_SIGNS[grade.outcome]
    points = spell_total([grade])
    rows = "".join(_rows(grade.verdicts))
    debrief = render_foreign_markdown(printable(grade.debrief)) if grade.debrief else ""
    word = grade.outcome.value
    page = (
        f"<strong>{sign} {_text(grade.exercise)} {word}</strong>: {points}"
        f"<table style='margin: 0.5em 0'><thead><tr>{_head('Result')}{_head('Check')}"
        f"{_head('Points')}</tr></thead><tbody>{rows}</tbody></table>{debrief}"
    )
    return Shown(_box(color, page), report_text([grade]).rstrip("\n"))


def _rows(verdicts: Iterable[Verdict]) -> Iterable[str]:
    for verdict in verdicts:
        sign, color = _RESULT_SIGNS[verdict.outcome]
        result = (
            f"<span style='color: {color}'>{sign}</span> {_text(verdict.outcome.value)}"
        )
        yield (
            f"<tr>{_data(result)}{_data(_text(verdict.title) + _details(verdict))}"
            f"{_data(f'{verdict.points}/{verdict.possible}')}</tr>"
        )


def _details(verdict: Verdict) -> str:
    if verdict.reason:
        return f"<br>{_text(verdict.reason)}"
    parts = []
    for finding in verdict.findings:
        parts.append(
            f"<br><code>{_text(finding.field)}</code>: expected "
            f"<strong>{_text(finding.expected)}</strong>, found "
            f"<strong>{_text(finding.found)}</strong>"
            f"<br>Next step: {_code_spans(finding.next_step)}"
        )
    return "".join(parts)


def _code_spans(text: str) -> str:
    """Render one line of Markdown without the paragraph around it."""
    page = render_foreign_markdown(printable(text)).strip()
    return page.removeprefix("<p>").removesuffix("</p>")


def _head(text: str) -> str:
    return f"<th scope='col' style='{_CELL}'>{text}</th>"


def _data(content: str) -> str:
    return f"<td style='{_CELL}'>{content}</td>"


def _box(color: str, content: str) -> str:
    return f"<div role='status' style='{_BOX.format(color=color)}'>{content}</div>"


def _text(value: str) -> str:
    return html.escape(printable(value))
