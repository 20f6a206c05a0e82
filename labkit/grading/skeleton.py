"""A new exercise's file: whole, provable as it is, and marked where its author writes.

What is to be written carries a mark; as long as one is left, the course lint says
where and what.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from labkit.base.errors import ConflictError, InvalidInputError
from labkit.base.home import content_folder
from labkit.grading.load import find_exercises
from labkit.grading.names import chapter_of, is_exercise

_MARK = "FILL IN"
_LAST_NUMBER = 10
"""An exercise's ports are found by the last digit of its number (``values``)."""
_SKELETON = """\
# yaml-language-server: $schema=../schema.json
id: @ID
title: FILL IN a title of a few words
points: 5
values:
  box: {name: @ID}
task: |
  FILL IN what to do, in steps, and what must be there in the end.

  Run a container named `${box}` from `busybox`, and let it carry the label `purpose`
  with the value `practice`.
owns:
  containers: ["${box}"]
checks:
  - id: runs
    title: Container ${box} runs from busybox
    points: 3
    container: {name: "${box}", image: busybox}
  - id: label
    title: Container ${box} carries the label purpose=practice
    points: 2
    needs: [runs]
    container: {name: "${box}", labels: {purpose: practice}}
hints:
  - when: label
    tiers:
      - FILL IN a question that leads to the right place.
      - A label is given when a container is made; it can't be added later.
      - "`docker rm -f ${box}`, then run it again with `--label purpose=practice`."
  - tiers:
      - FILL IN a question for those who have not begun.
      - "`docker run -d --name ${box} ... busybox sleep 1d`"
      - "`docker run -d --name ${box} --label purpose=practice busybox sleep 1d`"
solution: |
  docker run -d --name "$box" --label purpose=practice busybox sleep 1d
also:
  - title: FILL IN another right way, here made first and started later
    run: |
      docker create --name "$box" --label purpose=practice busybox sleep 1d
      docker start "$box"
wrong:
  - title: FILL IN a mistake that learners make, here never started
    run: docker create --name "$box" --label purpose=practice busybox sleep 1d
    caught_by: runs
  - title: from another image
    run: docker run -d --name "$box" --label purpose=practice nginx
    caught_by: runs
  - title: without the label
    run: docker run -d --name "$box" busybox sleep 1d
    caught_by: label
live:
  id: {show: id, container: "${box}"}
debrief: |
  FILL IN what to notice. Yours is `${id}`; `docker ps --filter label=purpose` finds it.
"""


def make_exercise_file(name: str, root: Path | None = None) -> Path:
    """Write a new exercise, named by its id or by its chapter: the next free number.

    It lies with the course's own, unless another ``root`` is named.

    Raises:
        ConflictError: there is one of this id, or no number is free.
        InvalidInputError: the name can't be one of an exercise.
        NotFoundError: there is no such chapter.
    """
    exercise_id = _check_id(name) if is_exercise(name) else _next_id(name)
    folder = (root or content_folder("exercises")) / chapter_of(exercise_id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{exercise_id}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(skeleton(exercise_id))
    except FileExistsError:
        raise _taken(path) from None
    return path


def skeleton(exercise_id: str) -> str:
    """Return the file of a new exercise."""
    return _SKELETON.replace("@ID", exercise_id)


def left_to_fill_in(text: str) -> Iterator[str]:
    """Yield what an author has still to write: ``line 3: a title of a few words``."""
    for number, line in enumerate(text.splitlines(), 1):
        before, mark, what = line.partition(_MARK)
        if mark and "#" not in before:
            yield f"line {number}: {what.strip() or before.strip()}"


def _check_id(exercise_id: str) -> str:
    for path in find_exercises(chapter_of(exercise_id)):
        if path.stem == exercise_id:
            raise _taken(path)
    if not 1 <= _number(exercise_id) <= _LAST_NUMBER:
        raise InvalidInputError(
            f"an exercise's number is from 1 to {_LAST_NUMBER}, not "
            f"{_number(exercise_id)}: its ports would be another one's"
        )
    return exercise_id


def _taken(path: Path) -> ConflictError:
    return ConflictError(
        f"exercise {path.stem} is there already, in {path}: take another id"
    )


def _next_id(chapter: str) -> str:
    taken = {_number(path.stem) for path in find_exercises(chapter)}
    free = [number for number in range(1, _LAST_NUMBER + 1) if number not in taken]
    if not free:
        raise ConflictError(f"{chapter} has {_LAST_NUMBER} exercises: there is no room")
    return f"c{chapter.removeprefix('chapter')}-e{free[0]}"


def _number(exercise_id: str) -> int:
    digits = re.sub(r".*-e", "", exercise_id)
    return int(digits) if digits.isdecimal() else 0
