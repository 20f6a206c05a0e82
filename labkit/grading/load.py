"""From a file to an exercise.

A file is checked three times, each time with the line in the error: as YAML
(``source``), against the published schema (``document``), and for what a schema
can't say, which is that names refer to something and points add up (here).
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.home import content_folder
from labkit.grading.checks.model import Params
from labkit.grading.checks.table import FAMILIES
from labkit.grading.document import (
    CHECK_MODELS,
    VALUE_MODELS,
    CheckHead,
    ExerciseDocument,
)
from labkit.grading.model import (
    Attempt,
    Belongings,
    Check,
    Exercise,
    HintLadder,
    LiveValue,
)
from labkit.grading.names import chapter_of, is_exercise
from labkit.grading.slips import first_problem
from labkit.grading.source import Place, Source, parse_source, suggest
from labkit.grading.values import change_texts, fill, make_values

_SCRIPTS = ("setup", "solution", "also", "wrong")
_UNFILLED = (*_SCRIPTS, "values", "debrief", "live")


def find_exercises(chapter: str | None = None) -> tuple[Path, ...]:
    """Return the files of a chapter's exercises, or of all, in their order.

    Raises:
        NotFoundError: there is no such chapter.
    """
    root = content_folder("exercises")
    folders = sorted(folder for folder in root.iterdir() if folder.is_dir())
    if chapter is not None:
        names = [folder.name for folder in folders]
        if chapter not in names:
            raise NotFoundError(
                f"no exercises for {chapter!r}{suggest(chapter, names)}; "
                f"there are: {', '.join(names)}"
            )
        folders = [root / chapter]
    return tuple(path for folder in folders for path in _exercise_files(folder))


def load_exercises(chapter: str | None, seed: str) -> tuple[Exercise, ...]:
    """Load a chapter's exercises, or all, with a learner's values."""
    return tuple(load_exercise(path, seed) for path in find_exercises(chapter))


def find_exercise(exercise_id: str, seed: str) -> Exercise:
    """Load one exercise by its id.

    Raises:
        NotFoundError: no file has this id; the message names a near one.
    """
    paths = {path.stem: path for path in find_exercises()}
    if exercise_id not in paths:
        raise NotFoundError(_no_exercise(exercise_id, tuple(paths)))
    return load_exercise(paths[exercise_id], seed)


def _no_exercise(typed: str, ids: Sequence[str]) -> str:
    """Say that there is none, and which there are: of its chapter, if it names one."""
    beside = [name for name in ids if is_exercise(typed) and name[:3] == typed[:3]]
    if beside:
        return f"no exercise {typed!r}; {chapter_of(typed)} has {', '.join(beside)}"
    return (
        f"no exercise {typed!r}{suggest(typed, ids)}; an id is spelled as {ids[0]}, "
        "and `labkit check chapter01` names those of a chapter"
    )


def load_exercise(path: Path, seed: str) -> Exercise:
    """Load one file with a learner's values.

    Raises:
        InvalidInputError: the file is not as it should be; with file and line.
    """
    return read_exercise(load_source(path), seed)


def load_source(path: Path) -> Source:
    """Parse one file; once, as long as it stays as it is.

    Raises:
        InvalidInputError: it is no YAML; with file and line.
    """
    return _parsed(path, path.stat().st_mtime_ns)


def read_exercise(source: Source, seed: str) -> Exercise:
    """Check a parsed file and fill in a learner's values."""
    if not isinstance(source.tree, dict):
        raise source.error((), "expected keys such as id, title and task")
    values = make_values(recipes_of(source), seed, str(source.tree.get("id")))
    document = _validate(source, _filled(source, values))
    exercise = _typed(source, document, values)
    _check_references(source, exercise, document)
    return exercise


@functools.lru_cache(maxsize=256)
def _parsed(path: Path, _changed_ns: int) -> Source:
    try:
        return parse_source(path, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path.name}:1: not UTF-8: {error}") from error


def _exercise_files(folder: Path) -> list[Path]:
    def number(path: Path) -> tuple[int, str]:
        digits = path.stem.rpartition("-e")[2]
        return (int(digits) if digits.isdecimal() else 0, path.stem)

    return sorted(folder.glob("*.yaml"), key=number)


def recipes_of(source: Source) -> dict[str, Any]:
    """Return ``values:``, each of a kind that there is.

    Raises:
        InvalidInputError: one is not; said here, as a union's errors would name every
            kind.
    """
    recipes = source.tree.get("values", {})
    if not isinstance(recipes, dict):
        raise source.error(("values",), "expected a mapping: a name and a kind a line")
    for name, recipe in recipes.items():
        kinds = tuple(recipe) if isinstance(recipe, dict) else ()
        if len(kinds) != 1:
            problem = f"expected one of {', '.join(VALUE_MODELS)}"
            raise source.error(("values", name), problem)
        (kind,) = kinds
        if kind not in VALUE_MODELS:
            problem = f"unknown kind of value {kind!r}{suggest(kind, VALUE_MODELS)}"
            raise source.error(("values", name, kind), problem)
        try:
            VALUE_MODELS[kind].model_validate(recipe)
        except ValidationError as error:
            raise first_problem(source, error, (), ("values", name)) from error
    return recipes


def _filled(source: Source, values: Mapping[str, str]) -> dict[str, Any]:
    """Fill values into texts and checks; scripts get them as variables instead."""
    tree = {
        key: part if key in _UNFILLED else _fill(source, part, values, (key,))
        for key, part in source.tree.items()
    }
    live = tree.get("live")
    if isinstance(live, dict):
        tree["live"] = _fill(source, live, values, ("live",))
    if isinstance(tree.get("debrief"), str):  # filled when it is passed; tried now
        later = dict.fromkeys(live, "") if isinstance(live, dict) else {}
        _fill(source, tree["debrief"], {**later, **values}, ("debrief",))
    return tree


def _fill(source: Source, part: Any, values: Mapping[str, str], place: Place) -> Any:
    """Fill every text of a part; an error has the line of its text."""

    def filled(text: str, at: Place) -> str:
        try:
            return fill(text, values)
        except InvalidInputError as error:
            raise source.error(at, error.message) from error

    return change_texts(part, filled, place)


def _validate(source: Source, tree: dict[str, Any]) -> ExerciseDocument:
    """Validate check by check first: a union's errors would name every family."""
    checks = tree.get("checks")
    for index, check in enumerate(checks if isinstance(checks, list) else ()):
        _validate_check(source, check, ("checks", index))
    try:
        return ExerciseDocument.model_validate(tree)
    except ValidationError as error:
        raise first_problem(source, error, ExerciseDocument.model_fields) from error


def _validate_check(source: Source, check: Any, place: Place) -> None:
    if not isinstance(check, dict):
        raise source.error(place, "expected keys such as id, title and points")
    words = [key for key in check if key not in CheckHead.model_fields]
    for word in words:
        if word not in FAMILIES:
            known = (*FAMILIES, *CheckHead.model_fields)
            hint = suggest(word, known)
            raise source.error((*place, word), f"unknown word {word!r}{hint}")
    if len(words) != 1:
        raise source.error(
            place, f"expected one word of the vocabulary, found {len(words)}"
        )
    try:
        CHECK_MODELS[words[0]].model_validate(check)
    except ValidationError as error:
        fields = FAMILIES[words[0]].params.model_fields
        names = [field.alias or name for name, field in fields.items()]
        raise first_problem(source, error, names, place) from error


def _typed(
    source: Source, document: ExerciseDocument, values: Mapping[str, str]
) -> Exercise:
    return Exercise(
        id=document.id,
        title=document.title,
        chapter=f"chapter{document.id[1:3]}",
        task=document.task,
        checks=tuple(_check(check) for check in document.checks),
        hints=tuple(HintLadder(item.tiers, item.when) for item in document.hints),
        solution=document.solution,
        owns=Belongings(
            document.owns.containers,
            document.owns.networks,
            document.owns.volumes,
            document.owns.images,
        ),
        setup=document.setup,
        starter=document.starter,
        also=tuple(Attempt(item.title, item.run) for item in document.also),
        wrong=tuple(
            Attempt(item.title, item.run, item.caught_by) for item in document.wrong
        ),
        debrief=document.debrief,
        live={
            name: LiveValue(item.show, item.container, item.network)
            for name, item in document.live.items()
        },
        values=values,
        path=source.path,
    )


def _check(document: CheckHead) -> Check:
    (word,) = set(type(document).model_fields) - set(CheckHead.model_fields)
    params = getattr(document, word)
    assert isinstance(params, Params)  # built so by document.py
    return Check(
        id=document.id,
        title=document.title,
        family=FAMILIES[word],
        params=params,
        points=document.points,
        needs=document.needs,
    )


def _check_references(
    source: Source, exercise: Exercise, document: ExerciseDocument
) -> None:
    for place, problem in _problems(exercise, document):
        raise source.error(place, problem)


def _problems(
    exercise: Exercise, document: ExerciseDocument
) -> Iterator[tuple[Place, str]]:
    ids = [check.id for check in exercise.checks]
    for index, check in enumerate(exercise.checks):
        if check.id in ids[:index]:
            yield ("checks", index, "id"), f"id {check.id!r} is there twice"
        yield from _unknown(check.needs, ids[:index], ("checks", index, "needs"))
    for index, attempt in enumerate(exercise.wrong):
        names = (attempt.caught_by or "",)
        yield from _unknown(names, ids, ("wrong", index, "caught_by"))
    for index, ladder in enumerate(exercise.hints):
        if ladder.when:
            names = (ladder.when.partition(".")[0],)
            yield from _unknown(names, ids, ("hints", index, "when"))
    if document.points != exercise.points:
        yield (
            ("points",),
            f"{document.points}, but the checks' points add up to {exercise.points}",
        )


def _unknown(
    names: Sequence[str], known: Sequence[str], place: Place
) -> Iterator[tuple[Place, str]]:
    for name in names:
        if name not in known:
            yield place, f"no check {name!r} above{suggest(name, known)}"
