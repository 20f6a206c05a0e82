"""``docker buildx bake``: several builds of one file, side by side if they can be."""

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from labkit.docker_cli.buildx import bake_compose
from labkit.docker_cli.buildx.bake_calls import call_targets, read_calls
from labkit.docker_cli.buildx.bake_file import (
    DEFAULT,
    BakeFile,
    Target,
    bake_of,
    body_of,
    override,
    wish_of,
)
from labkit.docker_cli.buildx.bake_terms import gather, list_variables
from labkit.docker_cli.buildx.build import (
    HEADLINE,
    finish,
    metadata,
    progress_mode,
    write_file,
)
from labkit.docker_cli.buildx.builders import table
from labkit.docker_cli.buildx.calls import wanted_call
from labkit.docker_cli.buildx.door import Result, Tell
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError
from labkit.docker_cli.buildx.flags import Command, Flag, Given, Kind
from labkit.docker_cli.buildx.hcl.bodies import json_body
from labkit.docker_cli.buildx.hcl.functions import shown as spelt
from labkit.docker_cli.buildx.hcl.tree import Body
from labkit.docker_cli.buildx.options import COMMON, outputs
from labkit.docker_cli.buildx.progress import open_display
from labkit.docker_cli.buildx.run import run
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.status import Update, read_update
from labkit.docker_cli.buildx.wish import Wish
from labkit.docker_cli.errors import CliError

BAKE = Command(
    "docker buildx bake [OPTIONS] [TARGET...]",
    "Build from a file",
    (
        *COMMON,
        Flag("file", Kind.TEXTS, "Build definition file", "f"),
        Flag("list", Kind.TEXT, "List targets or variables"),
        Flag("print", Kind.BOOL, "Print the options without building"),
        Flag("set", Kind.TEXTS, 'Override target value (e.g., "target.key=value")'),
    ),
    most=1000,
)
_FILES = (
    *bake_compose.NAMES,
    *("docker-bake.json", "docker-bake.hcl"),
    *("docker-bake.override.json", "docker-bake.override.hcl"),
)
_AT_ONCE = 4
_SHOWN_FIRST = (
    *("context", "contexts", "dockerfile", "dockerfile-inline", "args", "labels"),
    *("tags", "cache-from", "cache-to", "target", "secret", "ssh", "platforms"),
    *("output", "pull", "no-cache", "network", "shm-size", "ulimits", "entitlements"),
)


def bake(shop: Shop, given: Given) -> int:
    """Build what a file says; return the code to end with."""
    bodies = _read_files(given)
    if kind := given.text("list"):
        sys.stdout.write(_listed(bodies, kind))
        return 0
    found = bake_of(bodies, os.environ)
    names = found.choose(given.arguments)
    merged = {name: found.target(name) for name in found.choose(given.arguments)}
    asked = wanted_call(given)
    for_all = (f"*.call={asked.method}",) if asked else ()
    targets = override(merged, (*given.texts("set"), *for_all))
    if given.is_set("print"):
        sys.stdout.write(_printed(found, given, targets))
        return 0
    wishes = {name: _wish(targets[name], given) for name in names}
    calls = read_calls(targets, asked)
    if len(calls) < len(wishes):
        others = {name: one for name, one in wishes.items() if name not in calls}
        _build(shop, given, found, others)
    return call_targets(shop.engine, targets, wishes, calls) if calls else 0


def _build(
    shop: Shop, given: Given, found: BakeFile, wishes: Mapping[str, Wish]
) -> None:
    display = open_display(progress_mode(given))
    display.begin(HEADLINE)
    lock = threading.Lock()

    def tell(update: Update) -> None:
        with lock:
            display.update(update)

    try:
        results = _Baking(shop, found, wishes, tell).all()
    except CliError as error:
        finish(display, given)
        kind = "failed to solve: " if isinstance(error, BuildFailedError) else ""
        raise BuildxError(f"{kind}{error}", error.code) from error
    finish(display, given)
    if path := given.text("metadata-file"):
        known = {
            name: metadata(result, wishes[name]) for name, result in results.items()
        }
        write_file(path, json.dumps(known, indent=2))


class _Baking:
    """The builds of one call; each waits for those whose results it takes."""

    def __init__(
        self, shop: Shop, file: BakeFile, wishes: Mapping[str, Wish], tell: Tell
    ) -> None:
        self._shop = shop
        self._file = file
        self._wishes = wishes
        self._tell = tell
        self._running: dict[str, Future[Result]] = {}

    def all(self) -> dict[str, Result]:
        # In order: what a build waits for is submitted before it, so nothing blocks.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for name in self._wishes:
                self._running[name] = pool.submit(self._one, name)
            return {name: future.result() for name, future in self._running.items()}

    def _one(self, name: str) -> Result:
        images = {
            needed: self._image(needed, name) for needed in self._file.needs(name)
        }
        return run(self._shop, self._wishes[name], images, self._teller(name))

    def _image(self, needed: str, name: str) -> str:
        if needed not in self._running:
            raise BuildxError(
                f"target {name} takes files from {needed}, whose 'call' asks about it "
                "instead of building it"
            )
        return self._running[needed].result().id

    def _teller(self, name: str) -> Tell:
        if len(self._wishes) == 1:
            return self._tell
        return lambda update: self._tell(read_update(_named(update.raw, name)))


def _named(raw: dict[str, Any], target: str) -> dict[str, Any]:
    """Put the target's name into an update: ``[2/3] RUN x`` is ``[web 2/3] RUN x``."""

    def digest(found: str) -> str:
        return f"{found}-{target}" if found else ""

    named = dict(raw)
    named["vertexes"] = [
        {
            **one,
            "digest": digest(one["digest"]),
            "inputs": [digest(each) for each in one.get("inputs") or ()],
            "name": _with_target(one.get("name", ""), target),
        }
        for one in raw.get("vertexes") or ()
    ]
    for key in ("statuses", "logs", "warnings"):
        named[key] = [
            {**one, "vertex": digest(one.get("vertex", ""))}
            for one in raw.get(key) or ()
        ]
    return {key: value for key, value in named.items() if value}


def _with_target(name: str, target: str) -> str:
    return f"[{target} {name[1:]}" if name.startswith("[") else f"[{target}] {name}"


def _read_files(given: Given) -> list[Body]:
    names = given.texts("file") or [one for one in _FILES if Path(one).exists()]
    if not names:
        raise BuildxError(
            "couldn't find a bake definition: there is no docker-bake.hcl, no "
            "docker-bake.json and no compose.yaml here"
        )
    composed = [name for name in names if bake_compose.is_compose(name)]
    others = [name for name in names if name not in composed]
    bodies = [body_of(name, _read(name)) for name in others]
    if composed:
        for name in composed:
            _read(name)  # that it isn't there is said in our words
        found = bake_compose.read_compose(composed)
        bodies.insert(0, json_body(composed[0], found, is_plain=True))
    return bodies


def _listed(bodies: Sequence[Body], kind: str) -> str:
    """Say which targets or variables there are; ``kind`` may be ``type=targets``."""
    kind = kind.removeprefix("type=")
    terms = gather(bodies, os.environ)
    if kind == "variables":
        values = [
            (one.name, one.value, one.description) for one in list_variables(terms)
        ]
        rows = [
            (name, "<null>" if value is None else spelt(value), description)
            for name, value, description in values
        ]
        return table([("VARIABLE", "VALUE", "DESCRIPTION"), *rows])
    if kind != "targets":
        raise BuildxError(f"unknown list {kind!r}: targets or variables")
    found = bake_of(bodies, os.environ)
    about = {
        **{name: ", ".join(members) for name, members in found.groups.items()},
        **{
            name: str(target.get("description", ""))
            for name, target in found.targets.items()
        },
    }
    first = [DEFAULT] if DEFAULT in about else []
    names = [*first, *sorted(name for name in about if name != DEFAULT)]
    return table([("TARGET", "DESCRIPTION"), *((one, about[one]) for one in names)])


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text()
    except OSError as error:
        raise BuildxError(f"cannot read {name}: {error.strerror}") from error


def _wish(target: Target, given: Given) -> Wish:
    wish = wish_of(target)
    missing = [one for one in wish.allow if one not in given.texts("allow")]
    if missing:
        wanted = " ".join(f"--allow={one}" for one in missing)
        raise BuildxError(
            f"additional privileges requested: pass {wanted!r} to grant them"
        )
    return replace(
        wish,
        no_cache=wish.no_cache or given.is_set("no-cache"),
        pull=wish.pull or given.is_set("pull"),
        outputs=outputs(given) or wish.outputs,
    )


def _printed(found: BakeFile, given: Given, targets: Mapping[str, Target]) -> str:
    names: dict[str, list[str]] = {}
    asked = list(given.arguments) or [DEFAULT]
    waiting = list(asked)
    while waiting:
        one = waiting.pop()
        if one in found.groups and one not in names:
            names[one] = list(found.groups[one])
            waiting += names[one]
    more = [one for one in asked if one != DEFAULT or DEFAULT not in names]
    names[DEFAULT] = sorted({*names.get(DEFAULT, ()), *more})
    groups = {name: {"targets": names[name]} for name in sorted(names)}
    shown = {name: _in_order(target) for name, target in targets.items()}
    return json.dumps({"group": groups, "target": shown}, indent=2) + "\n"


def _in_order(target: Target) -> Target:
    """Return all that a target comes to, in the order in which buildx shows it."""
    whole = {"context": ".", "dockerfile": "Dockerfile", **target}
    return {
        key: whole[key]
        for key in (*_SHOWN_FIRST, *whole)
        if key in whole and key != "inherits"
    }


COMMANDS = {"bake": (BAKE, bake)}
