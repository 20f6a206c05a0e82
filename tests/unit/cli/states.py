"""Made-up worlds: random answers to all that an exercise asks, hostile words included.

And readers of what is shown, which turn each form back into the same facts.
"""

import html.parser
import random
import re
from typing import Any

from labkit.grading import probes
from labkit.grading.judge import debrief, judge, probes_of
from labkit.grading.model import Exercise, Grade, Outcome, Verdict
from labkit.grading.probes import Answer, Observation, Probe
from labkit.grading.report.plain import printable
from tests.unit.grading.build import (
    attach,
    make_container,
    make_image,
    make_network,
    publish,
)

WORDS = (
    "nginx",
    "busybox",
    "web",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "[red]red[/red]",
    "\x1b[31mred\x07",
    "a & b",
    "🐳 ümlaut",
    "",
)
Facts = list[dict[str, Any]]


def make_state(exercise: Exercise, number: int) -> Grade:
    """Judge an exercise in the world of a number; each tenth one is solved.

    Chance alone solves too few.
    """
    if number % 10 == 0:
        return _solved(exercise)
    dice = random.Random(f"{exercise.id}/{number}")
    answers = {probe: _answer(probe, dice) for probe in probes_of(exercise)}
    return judge(exercise, Observation(answers))


def _solved(exercise: Exercise) -> Grade:
    verdicts = tuple(
        Verdict(check.id, check.title, Outcome.PASSED, check.points, check.points)
        for check in exercise.checks
    )
    said = debrief(exercise, Observation())
    return Grade(exercise.id, exercise.title, verdicts, said)


def _answer(probe: Probe, dice: random.Random) -> Answer:
    if dice.random() < 0.1:
        return probes.Unavailable(f"the engine refused: {dice.choice(WORDS)}")
    word, chance = dice.choice(WORDS), dice.random()
    match probe:
        case probes.ContainerProbe(name=name):
            return _container(name, dice) if chance < 0.8 else None
        case probes.NetworkProbe(name=name):
            driver = dice.choice(("bridge", word))
            return make_network(name, driver=driver) if chance < 0.8 else None
        case probes.VolumeProbe(name=name):
            return probes.Volume(name, "local", {word: word}) if chance < 0.8 else None
        case probes.ImageProbe():
            return make_image(user=word, labels={word: word}) if chance < 0.8 else None
        case probes.CommandProbe():
            return probes.CommandResult(dice.choice((0, 1)), word)
        case probes.ResolveProbe():
            return probes.Resolution(("10.9.0.2",) if chance < 0.5 else ())
        case probes.ConnectProbe():
            return probes.Connection(chance < 0.5)
        case probes.FetchProbe() | probes.PageProbe():
            return probes.Page(dice.choice((0, 200, 404)), word, "refused")
        case probes.RegistryProbe():
            status = dice.choice((0, 200, 401, 404))
            return probes.RegistryTag(status, word, word, "refused")
        case probes.KernelProbe():
            limits = (32 << 20, 9, 500_000_000)
            return probes.Kernel(*limits, {}, {}, {"NoNewPrivs": dice.choice("01")})
        case _:
            return probes.Text(word)


def _container(name: str, dice: random.Random) -> probes.Container:
    word = dice.choice(WORDS)
    return make_container(
        name,
        image=dice.choice(("nginx", "busybox", word)),
        status=dice.choice(("running", "running", "exited")),
        env={"WORD": word},
        labels={word: word},
        user=word,
        attachments=attach(dice.choice(("bridge", "net"))),
        ports=(publish("0.0.0.0", 8080, 80),) if dice.random() < 0.5 else (),
    )


def facts_of_json(document: dict[str, Any]) -> Facts:
    """Return the facts of one exercise's part of a JSON report."""
    return [
        {
            "title": _flat(check["title"]),
            "outcome": check["outcome"],
            "points": f"{check['points']}/{check['possible']}",
            "reason": _flat(check["reason"] or ""),
            "findings": [
                [_flat(finding[name]) for name in ("field", "expected", "found")]
                for finding in check["findings"]
            ],
        }
        for check in document["checks"]
    ]


def _flat(text: str) -> str:
    """Return a text as a page shows it: spaces and lines are one space."""
    return " ".join(printable(text).split())


_CHECK = re.compile(r"  (?:✔|✘|\?) (passed|failed|not checked) +(.*)  \((\d+/\d+)\)")
_OUTCOMES = {"not checked": "could not check"}


def facts_of_text(text: str) -> Facts:
    """Read what a wide terminal shows; a check in want of another is one line there."""
    facts: Facts = []
    for line in text.splitlines():
        if match := _CHECK.fullmatch(line.rstrip()):
            word, title, points = match.groups()
            facts.append(_fact(title, _OUTCOMES.get(word, word), points))
        elif facts and (match := re.match(r"      (field|expected|found) {2,}", line)):
            findings, said = facts[-1]["findings"], _flat(line[match.end() :])
            if match[1] == "field":
                findings.append([])
            findings[-1].append(said)
        elif facts and line.startswith("      needs "):
            expected = _flat(line.removeprefix("      needs "))
            facts[-1]["findings"].append(["needs", expected, "not there yet"])
        elif facts and line.startswith("      ") and not line.startswith("      next"):
            facts[-1]["reason"] = _flat(f"{facts[-1]['reason']} {line}")
    return facts


def _fact(title: str, outcome: str, points: str) -> dict[str, Any]:
    return {
        "title": title,
        "outcome": outcome,
        "points": points,
        "reason": "",
        "findings": [],
    }


class _Cells(html.parser.HTMLParser):
    """Collects the rows of tables: of each cell its pieces, each with its tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[list[list[str]]]] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append([["td", ""]])
            self._inside = True
        elif self._inside and tag in _MARKS:
            self.rows[-1][-1].append([tag, ""])

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._inside = False
        elif self._inside and tag in _MARKS:
            self.rows[-1][-1].append(["td", ""])

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1][-1][1] += data


_MARKS = ("br", "code", "strong", "dt", "dd")


def facts_of_page(page: str) -> Facts:
    """Read the tables of checks in a page, a notebook's or a report's."""
    facts: Facts = []
    for row in _Cells(page).rows:
        texts = ["".join(text for _, text in cell) for cell in row]
        if len(row) != 3 or texts[0][:1] not in "✔✘?":
            continue  # a heading, or the overview
        fact = _fact(row[1][0][1], texts[0][2:], texts[2].replace(" of ", "/"))
        fact["reason"], fact["findings"] = _details(row[1][1:])
        facts.append(fact)
    return facts


def _details(pieces: list[list[str]]) -> tuple[str, list[list[str]]]:
    said = [text for tag, text in pieces if tag == "dd"]
    if said:  # a report's: one of a reason, or four of each finding
        if len(said) == 1:
            return _flat(said[0]), []
        rows = [said[index : index + 3] for index in range(0, len(said), 4)]
        return "", [[_flat(text) for text in row] for row in rows]
    if not any(tag == "strong" for tag, _ in pieces):
        return _flat("".join(text for _, text in pieces)), []
    findings: list[list[str]] = []
    before = ["", ""]
    for tag, text in pieces:
        if tag == "code" and before == ["br", ""]:  # not one of a next step
            findings.append([_flat(text)])
        elif tag == "strong" and len(findings[-1]) < 3:
            findings[-1].append(_flat(text))
        before = [tag, text]
    return "", findings
