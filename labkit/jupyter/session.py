"""What a kernel with the extension knows: engine, chapter, learner.

Everything a magic or a button does is one method here, without IPython.
"""

import dataclasses
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.clock import SystemClock
from labkit.base.errors import InvalidInputError
from labkit.course.execute import Lab, Outcome, Status, find_step
from labkit.course.judge import Grader
from labkit.course.load import book_folder, load_book, load_chapter
from labkit.course.model import Chapter
from labkit.course.noting import Noting
from labkit.course.order import run_single_step
from labkit.course.places import find_places
from labkit.course.progress import Progress
from labkit.course.standing import Standing, read_standings
from labkit.course.workspace import ensure_step_folder
from labkit.course.xray import Section, look_inside, read_sections
from labkit.grading.grade import grade_exercises
from labkit.grading.hints import Hint, next_hint
from labkit.grading.load import find_exercise, load_exercises
from labkit.grading.model import Exercise, Grade
from labkit.grading.names import spell_chapter, spell_exercise
from labkit.grading.practice import begin
from labkit.grading.values import learner_seed
from labkit.jupyter.connect import Connection
from labkit.layers.compare import describe_image
from labkit.layers.look import look_at_image
from labkit.layers.model import ImageReport

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Session:
    """One notebook's link to engine, chapter and learner."""

    connection: Connection
    home: Path
    chapter: Chapter
    environment: Mapping[str, str]
    grades: dict[str, Grade] = field(default_factory=dict)

    def open_chapter(self, name: str) -> Chapter:
        """Work on another chapter from now on."""
        self.chapter = load_chapter(spell_chapter(name), book_folder())
        return self.chapter

    def run_step(
        self, step_id: str, script: str, on_output: Callable[[str], object]
    ) -> Outcome:
        """Run a step with the text that is in the cell, and note that it worked."""
        step = find_step(self.chapter, step_id)
        lab = Lab(
            environment=self.environment,
            examine=Grader(self.connection.docker_host),
            offers=find_places(self.connection.on_lab, os.geteuid()),
            folder=ensure_step_folder(self.chapter.name, self.home / "workspace"),
        )
        mine = dataclasses.replace(step, script=script)
        done = self._progress().steps_done(self.chapter.name)
        outcome = run_single_step(self.chapter, mine, lab, done, on_output)
        if outcome.status is Status.OK:
            self._progress().record_step(self.chapter.name, step_id)
        return outcome

    def find_exercise(self, exercise_id: str) -> Exercise:
        """Return an exercise with this learner's values."""
        return find_exercise(spell_exercise(exercise_id), learner_seed(self.home))

    def exercise_ids(self) -> tuple[str, ...]:
        """Return the ids of the chapter's exercises."""
        exercises = load_exercises(self.chapter.name, learner_seed(self.home))
        return tuple(exercise.id for exercise in exercises)

    def check(self, exercise_id: str) -> Grade:
        """Grade an exercise and note the result."""
        exercise = self.find_exercise(exercise_id)
        (grade,) = grade_exercises(self.connection.docker_host, [exercise])
        self.grades[exercise.id] = grade
        noting = Noting(self._progress())
        noting.remember([grade])
        _warn("this result", noting)
        return grade

    def hint(self, exercise_id: str) -> Hint:
        """Return the next hint, picked by what failed in the last check."""
        exercise = self.find_exercise(exercise_id)
        noting = Noting(self._progress())
        given = next_hint(exercise, self.grades.get(exercise.id), noting)
        _warn("this hint", noting)
        return given

    def look_inside(self, container: str) -> tuple[Section, ...]:
        """Return what a container is made of."""
        if not container:
            raise InvalidInputError("%xray needs the name of a container")
        return tuple(read_sections(look_inside(self.connection.docker_host, container)))

    def look_at_layers(self, image: str) -> ImageReport:
        """Return what an image's layers hold, hide and waste."""
        if not image:
            raise InvalidInputError("%layers needs the name of an image")
        saved = look_at_image(self.connection.docker_host, image)
        return describe_image(image, saved)

    def standings(self) -> tuple[Standing, ...]:
        """Return where the learner stands in every chapter."""
        return read_standings(load_book(book_folder()), self._progress())

    def begin(self, exercise_id: str) -> Path | None:
        """Put an exercise at its start; return the folder of its files, if any."""
        exercise = self.find_exercise(exercise_id)
        self.grades.pop(exercise.id, None)
        noting = Noting(self._progress())
        noting.begin_exercise(exercise.id)
        _warn("this beginning", noting)
        return begin(self.connection.docker_host, exercise)

    def _progress(self) -> Progress:
        return Progress(self.home, SystemClock())


def _warn(what: str, noting: Noting) -> None:
    if noting.problem:
        _log.warning("%s is not noted: %s", what, noting.problem)
