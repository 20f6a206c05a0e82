"""``--call=outline`` and ``--call=targets``: what a build can be told, and for what."""

from collections.abc import Sequence
from typing import Any

from labkit.docker_cli.buildx.calls import (
    Answer,
    columns,
    document,
    encoded,
    location,
)
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.reading import blaming, read_material
from labkit.dockerfile.outline import Outline, Parameter, describe, outline
from labkit.dockerfile.stages import Stage

_RESULTS = [{"name": "result.json"}, {"name": "result.txt"}]
_METHODS = (
    ("frontend.outline", "List all parameters current build target supports"),
    ("frontend.targets", "List all targets current build supports"),
    ("frontend.subrequests.describe", "List available subrequest types"),
)


def outline_target(engine: Engine, material: Material) -> Answer:
    """List the arguments, secrets and agents of the target."""
    reading = read_material(engine, material)
    with blaming(material):
        found = outline(
            reading.graph,
            reading.targets[-1],
            reading.dockerfile,
            reading.scopes,
            reading.environments,
        )
    return Answer(_outline_text(found), _outline_json(found, material))


def list_targets(engine: Engine, material: Material) -> Answer:
    """List the stages that can be built."""
    stages = read_material(engine, material).dockerfile.stages
    rows = [("TARGET", "DESCRIPTION")]
    rows += [(_target_name(one, stages), _described(one)) for one in stages]
    targets = [_target(one, stages) for one in stages]
    return Answer(
        columns(rows, 1),
        document({"targets": targets, "sources": _sources(material)}),
    )


def describe_methods(_: Engine, __: Material) -> Answer:
    """List what a Dockerfile can be asked, as its frontend says."""
    rows = [("NAME", "VERSION", "DESCRIPTION")]
    rows += [
        (name.removeprefix("frontend."), "1.0.0", about) for name, about in _METHODS
    ]
    return Answer(columns(rows, 1), document([_method(*one) for one in _METHODS]))


def _outline_text(found: Outline) -> str:
    blocks = []
    if found.name or found.description:
        rows = [("TARGET:", found.name or "(default)")]
        if found.description:
            rows.append(("DESCRIPTION:", found.description))
        blocks.append(columns(rows, 1))
    if found.arguments:
        head = ("BUILD ARG", "VALUE", "DESCRIPTION")
        shown = [(one.name, one.value, one.description) for one in found.arguments]
        blocks.append(columns([head, *shown], 3))
    for title, parameters in (("SECRET", found.secrets), ("SSH", found.ssh)):
        if parameters:
            needs = [(one.name, "true" if one.required else "") for one in parameters]
            blocks.append(columns([(title, "REQUIRED"), *needs], 3))
    return "".join(f"{block}\n" for block in blocks)


def _outline_json(found: Outline, material: Material) -> str:
    said = {
        "name": found.name,
        "description": found.description,
        "args": [_parameter(one) for one in found.arguments],
        "secrets": [_parameter(one) for one in found.secrets],
        "ssh": [_parameter(one) for one in found.ssh],
        "sources": _sources(material),
    }
    return document(_without_blanks(said))


def _parameter(one: Parameter) -> dict[str, Any]:
    return _without_blanks(
        {
            "name": one.name,
            "description": one.description,
            "value": one.value,
            "required": one.required,
            "location": location(one.lines),
        }
    )


def _target(stage: Stage, stages: Sequence[Stage]) -> dict[str, Any]:
    return _without_blanks(
        {
            "name": stage.name,
            "default": stage is stages[-1],
            "description": _described(stage),
            "base": stage.from_.base,
            "platform": stage.from_.platform,
            "location": location(stage.from_.lines),
        }
    )


def _target_name(stage: Stage, stages: Sequence[Stage]) -> str:
    words = (stage.name, "(default)" if stage is stages[-1] else "")
    return " ".join(filter(None, words))


def _described(stage: Stage) -> str:
    return describe(stage.from_.node.comments, stage.name)


def _method(name: str, about: str) -> dict[str, Any]:
    target = {"name": "target", "description": "Target build stage"}
    is_outline = name == "frontend.outline"
    described: dict[str, Any] = {
        "name": name,
        "version": "1.0.0",
        "type": "rpc",
        "description": about,
        "opts": [target] if is_outline else [],
        "inputs": None,
        "metadata": [{**one, "description": ""} for one in _RESULTS],
        "refs": None,
    }
    if name == "frontend.subrequests.describe":
        described["opts"] = None
    return described


def _sources(material: Material) -> list[str]:
    return [encoded(material.dockerfile_text or "")]


def _without_blanks(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one}
