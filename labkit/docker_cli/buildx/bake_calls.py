"""``docker buildx bake --call``: the same question to each target of a file."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.docker_cli.buildx.bake_file import Target
from labkit.docker_cli.buildx.calls import (
    Answer,
    Call,
    answer_call,
    code_of,
    document,
)
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError
from labkit.docker_cli.buildx.material import prepare
from labkit.docker_cli.buildx.wish import Wish

_NAMES = {"lint": "check"}


def call_targets(
    engine: Engine,
    targets: Mapping[str, Target],
    wishes: Mapping[str, Wish],
    call: Call,
) -> int:
    """Ask each target, and print what it answers; return the code to end with."""
    answers = {name: _ask(engine, wishes[name], call) for name in sorted(wishes)}
    if call.format == "json":
        sys.stdout.write(_json(targets, answers, call))
    else:
        texts = [_text(name, targets[name], one) for name, one in answers.items()]
        sys.stdout.write("\n".join(texts))
    if any(one.error for one in answers.values()):
        return 1
    codes = (code_of(one, call) for one in answers.values())
    return next(filter(None, codes), 0)


def _ask(engine: Engine, wish: Wish, call: Call) -> Answer:
    # What another target makes is no matter here: any image's name does.
    built = {one.text: one.text for one in wish.contexts.values()}
    try:
        return answer_call(engine, prepare(wish, built), call)
    except BuildFailedError as error:
        return Answer("", "{}", 1, str(error))


def _text(name: str, target: Target, answer: Answer) -> str:
    said = target.get("description", "")
    head = f"{name}\n{said}\n" if said else f"{name}\n"
    error = f"error: {answer.error}\n" if answer.error else ""
    return f"{head}\n{answer.text}{error}"


def _json(
    targets: Mapping[str, Target], answers: Mapping[str, Answer], call: Call
) -> str:
    found: dict[str, Any] = {}
    for name, answer in answers.items():
        said = json.loads(answer.json)
        if isinstance(said, Sequence):  # the list of methods has no name of its own
            said = {call.method: said}
        if answer.error:
            said["error"] = answer.error
        found[name] = {
            "build": targets[name],
            _NAMES.get(call.method, call.method): said,
        }
    return document({"target": found}) + "\n"
