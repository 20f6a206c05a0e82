from collections.abc import Sequence
from pathlib import Path

from labkit.course.execute import Finding, Lab, Status
from labkit.course.model import Expectation
from labkit.course.order import find_missing_step, run_single_step
from tests.unit.course.build import make_chapter

CHAPTER = make_chapter("""\
```{step} net
:expect: {network: {name: mine, driver: bridge}, http: {port: 80}}
true
```

```{step} box
:needs: net
:expect: {container: [{name: one, state: exited}]}
true
```

```{step} ask
:needs: box
echo asked
```

```{step} again
:needs: box
:again: already
true
```
""")
NET, BOX, ASK, AGAIN = CHAPTER.steps


class World:
    """Answers as the grader does, for things that are there, or stopped, or not."""

    def __init__(self, **things: bool) -> None:
        self.things = things
        self.asked: list[Expectation] = []

    def __call__(self, expectation: Expectation) -> Sequence[Finding]:
        self.asked.append(expectation)
        return [
            Finding(False, f"name: expected a {word}, found no such {word}; make it")
            if word not in self.things
            else Finding(self.things[word], "state: expected running, found exited; x")
            for word in expectation
        ]


def test_a_step_whose_things_are_there_may_run() -> None:
    world = World(network=True, container=True)
    assert find_missing_step(CHAPTER, ASK, world, set()) is None
    assert world.asked == [
        {"network": [{"name": "mine"}]},
        {"container": [{"name": "one"}]},
    ]


def test_names_the_first_of_all_the_steps_before_it() -> None:
    missing = find_missing_step(CHAPTER, ASK, World(), set())
    assert missing == "run step 'net' first: its network isn't there"
    missing = find_missing_step(CHAPTER, ASK, World(network=True), set())
    assert missing == "run step 'box' first: its container isn't there"


def test_what_was_stopped_later_is_there() -> None:
    world = World(network=True, container=False)
    assert find_missing_step(CHAPTER, ASK, world, set()) is None


def test_what_a_later_step_took_away_is_not_missed() -> None:
    world = World()
    assert find_missing_step(CHAPTER, ASK, world, {"net", "box"}) is None
    assert world.asked == []


def test_a_step_that_may_be_run_when_its_work_is_done_is_not_asked() -> None:
    assert find_missing_step(CHAPTER, AGAIN, World(), set()) is None
    assert find_missing_step(CHAPTER, NET, World(), set()) is None


def test_a_step_that_comes_too_early_is_not_run(tmp_path: Path) -> None:
    printed: list[str] = []
    lab = Lab({"PATH": "/usr/bin:/bin"}, World(), frozenset(), tmp_path)
    outcome = run_single_step(CHAPTER, ASK, lab, set(), printed.append)
    assert (outcome.status, printed) == (Status.FAILED, [])
    ready = Lab(lab.environment, World(network=True, container=True), frozenset())
    outcome = run_single_step(CHAPTER, ASK, ready, set(), printed.append)
    assert (outcome.status, printed) == (Status.OK, ["asked\n"])
