"""``docker buildx bake``: questions to targets of a file, instead of building them.

``--call`` asks all of them, ``"call": "check"`` one target.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from labkit.docker_cli.buildx.bake_file import Target
from labkit.docker_cli.buildx.calls import (
    Answer,
    Call,
    answer_call,
    code_of,
    document,
    read_call,
)
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError
from labkit.docker_cli.buildx.material import prepare
from labkit.docker_cli.buildx.wish import Wish

_BUILD = "build"
_NAMES = {"lint": "check"}


def read_calls(targets: Mapping[str, Target], asked: Call | None) -> dict[str, Call]:
    """Return what is asked of which targets; how is said by the command line only.

    Raises:
        BuildxError: a target's question makes no sense.
    """
    calls = {}
    for name, target in targets.items():
        method = read_call(str(target.get("call") or _BUILD)).method
        if method != _BUILD:
            calls[name] = replace(asked or Call(method), method=method)
    return calls


def call_targets(
    engine: Engine,
    targets: Mapping[str, Target],
    wishes: Mapping[str, Wish],
    calls: Mapping[str, Call],
) -> int:
    """Ask targets, and print what they answer; return the code to end with."""
    answers = {
        name: _ask(engine, wishes[name], calls[name])
        for name in sorted(wishes)
        if name in calls
    }
    if any(call.format == "json" for call in calls.values()):
        sys.stdout.write(_json(targets, answers, calls))
    else:
        texts = [_text(name, targets[name], one) for name, one in answers.items()]
        sys.stdout.write("\n".join(texts))
    if any(one.error for one in answers.values()):
        return 1
    codes = (code_of(one, calls[name]) for name, one in answers.items())
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
    targets: Mapping[str, Target],
    answers: Mapping[str, Answer],
    calls: Mapping[str, Call],
) -> str:
    found: dict[str, Any] = {name: {"build": one} for name, one in targets.items()}
    for name, answer in answers.items():
        call = calls[name]
        said = json.loads(answer.json)
        if isinstance(said, Sequence):  # the list of methods has no name of its own
            said = {call.method: said}
        if answer.error:
            said["error"] = answer.error
        found[name][_NAMES.get(call.method, call.method)] = said
    return document({"target": found}) + "\n"
