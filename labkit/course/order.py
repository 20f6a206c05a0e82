"""Whether a step that is run by itself comes too early.

In a notebook any cell can be run at any time. A step that waits for a container which
nobody has started would wait until its time is over, and one that fails would blame
something else. So who runs a single step looks first: has the learner never run a step
that it builds on, and are the things that this one makes not there, either?
"""

from collections.abc import Callable, Iterator, Set

from labkit.course.execute import Examine, Lab, Outcome, Status, run_step
from labkit.course.model import Chapter, Expectation, Step

_THINGS = ("container", "image", "network", "volume")
_ABSENT = "found no such "


def run_single_step(
    chapter: Chapter,
    step: Step,
    lab: Lab,
    done: Set[str],
    on_output: Callable[[str], object],
) -> Outcome:
    """Run one step of a chapter, unless it comes too early.

    Args:
        done: ids of the chapter's steps that have worked before.
    """
    missing = find_missing_step(chapter, step, lab.examine, done)
    if missing is not None:
        return Outcome(step, Status.FAILED, missing, 0.0)
    return run_step(step, lab, on_output)


def find_missing_step(
    chapter: Chapter, step: Step, examine: Examine, done: Set[str]
) -> str | None:
    """Say which step has to be run before this one, if what it makes isn't there.

    Only what isn't there at all counts, as things may be made by hand, too. Steps that
    were done don't: later ones may take away what they made. And a step that may be run
    when its work is done (``again``) knows by itself.
    """
    if step.again is not None:
        return None
    for need in _needed(chapter, step):
        if need.id in done:
            continue
        for expectation in need.expect:
            for finding in examine(_existence(expectation)):
                if finding.passed is False and _ABSENT in finding.text:
                    # The grader says: "name: expected x, found no such volume; make it"
                    what = finding.text.partition(_ABSENT)[2].partition(";")[0]
                    return f"run step {need.id!r} first: its {what} isn't there"
    return None


def _needed(chapter: Chapter, step: Step) -> Iterator[Step]:
    """Give all steps that a step builds on, in the chapter's order."""
    wanted = set(step.needs)
    for each in reversed(chapter.steps):
        if each.id in wanted:
            wanted.update(each.needs)
    return (each for each in chapter.steps if each.id in wanted)


def _existence(expectation: Expectation) -> Expectation:
    """Reduce an expectation to the names of things that have to be there."""
    return {
        word: [{"name": item["name"]} for item in _listed(expectation[word])]
        for word in _THINGS
        if word in expectation
    }


def _listed(items: object) -> list[dict[str, object]]:
    return items if isinstance(items, list) else [items]  # type: ignore[list-item]
