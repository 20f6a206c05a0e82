"""From a Dockerfile and a request to what is built, in which order.

Stages that the target does not need are left out. Steps are numbered over all that
remain, ARGs before the first FROM included, as Docker's classic builder counts them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from labkit.base.errors import InvalidInputError
from labkit.base.machine import host_architecture
from labkit.builder import messages
from labkit.builder.model import BuildRequest, Step
from labkit.builder.permits import check_run
from labkit.dockerfile.errors import Fault, Lines
from labkit.dockerfile.expand import expand
from labkit.dockerfile.graph import Graph, find_target, link_stages
from labkit.dockerfile.instructions import (
    Arg,
    From,
    Instruction,
    Label,
    OnBuild,
    Pair,
    Run,
    Transfer,
    Workdir,
)
from labkit.dockerfile.node import Node
from labkit.dockerfile.scopes import PROXIES, Scopes, open_scopes, platform_args
from labkit.dockerfile.stages import Dockerfile, Stage
from labkit.spec.image import Platform

SCRATCH = "scratch"


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage to build: what it begins with, and its steps, FROM's first.

    ``base`` is the name of an image, or, if ``base_stage`` is given, of that stage.
    """

    stage: Stage
    base: str
    base_stage: int | None
    platform: str
    steps: tuple[tuple[Step, Instruction], ...]

    @property
    def first(self) -> Step:
        return self.steps[0][0]

    @property
    def last(self) -> Step:
        return self.steps[-1][0]


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it; ``stages`` come in an order in which they can be built."""

    scopes: Scopes
    graph: Graph
    meta: tuple[Step, ...]
    stages: tuple[PlannedStage, ...]
    target: int
    unused_arguments: tuple[str, ...]


def make_plan(
    dockerfile: Dockerfile, request: BuildRequest, contexts: Iterable[str] = ()
) -> Plan:
    """Decide what is built.

    Raises:
        InvalidInputError: there is no such target, a FROM is blank, or stages need
            one another in a circle.
    """
    scopes = _scopes(dockerfile, request)
    bases = [_base(stage, scopes) for stage in dockerfile.stages]
    graph = link_stages(dockerfile, (base for base, _ in bases), contexts)
    try:
        target = find_target(dockerfile, request.target)
    except Fault as fault:
        raise InvalidInputError(str(fault)) from fault
    needed = graph.needed(target.index)
    return Plan(
        scopes,
        graph,
        _meta_steps(dockerfile, needed, request),
        _stages(dockerfile, graph, bases, needed, request),
        target.index,
        _unused(dockerfile, request, needed),
    )


def _scopes(dockerfile: Dockerfile, request: BuildRequest) -> Scopes:
    given = {
        name: value for name, value in request.arguments.items() if value is not None
    }
    host = Platform(host_architecture(), "linux")
    target = parse_platform(request.platform) if request.platform else host
    return open_scopes(dockerfile, given, platform_args(host, target, request.target))


def parse_platform(text: str) -> Platform:
    """Read ``linux/arm64/v8``."""
    parts = [*text.split("/"), "", ""]
    if len(parts) > 5 or not parts[0]:
        raise InvalidInputError(f"failed to parse platform {text}")
    if not parts[1]:
        return Platform(host_architecture(), parts[0])
    return Platform(parts[1], parts[0], parts[2] or None)


def _base(stage: Stage, scopes: Scopes) -> tuple[str, str]:
    expanded = expand(stage.from_, scopes.from_scope())
    if not expanded.base:
        raise InvalidInputError(messages.blank_base(stage.from_.base))
    return expanded.base, expanded.platform


def _bodies(stage: Stage, is_last: bool, request: BuildRequest) -> list[Instruction]:
    """Return a stage's instructions; ``--label`` adds some to the last one."""
    labels = request.labels if is_last else {}
    return [*stage.instructions, *(_label(*one) for one in sorted(labels.items()))]


@dataclass(frozen=True, slots=True)
class GivenLabel(Label):
    """A label of the command line: its value is taken as it is."""


def _label(name: str, value: str) -> Label:
    node = Node("LABEL", f"LABEL {name}={value}", Lines(0, 0))
    return GivenLabel(node, (Pair(name, value),))


def _total(
    dockerfile: Dockerfile, needed: tuple[int, ...], request: BuildRequest
) -> int:
    return len(dockerfile.meta_args) + sum(
        1 + len(_bodies(dockerfile.stages[at], at == needed[-1], request))
        for at in needed
    )


def _meta_steps(
    dockerfile: Dockerfile, needed: tuple[int, ...], request: BuildRequest
) -> tuple[Step, ...]:
    total = _total(dockerfile, needed, request)
    return tuple(
        Step(-1, at, total, arg.node.original, (arg.lines.first, arg.lines.last))
        for at, arg in enumerate(dockerfile.meta_args, start=1)
    )


def _stages(
    dockerfile: Dockerfile,
    graph: Graph,
    bases: list[tuple[str, str]],
    needed: tuple[int, ...],
    request: BuildRequest,
) -> tuple[PlannedStage, ...]:
    numbers = _first_numbers(dockerfile, needed, request)
    total = _total(dockerfile, needed, request)
    planned = []
    for index in needed:
        stage = dockerfile.stages[index]
        body = _bodies(stage, index == needed[-1], request)
        for one in body:
            check_run(one, request.entitlements)
        instructions: list[Instruction] = [stage.from_, *body]
        first = numbers[index]
        base, platform = bases[index]
        base_stage = graph.base(index).stage
        places = _places(instructions, _shows_from(dockerfile, base, base_stage))
        count = max(places)
        steps = tuple(
            (
                replace(
                    _step(stage.index, one, (first + at, total)),
                    stage_name=_stage_name(dockerfile, stage),
                    place=places[at],
                    places=count,
                ),
                one,
            )
            for at, one in enumerate(instructions)
        )
        triggers = _triggers(dockerfile, base_stage)
        shown = f"ONBUILD {triggers[0]}" if triggers else f"FROM {base}"
        head = replace(steps[0][0], shown=shown)
        steps = ((head, stage.from_), *steps[1:])
        planned.append(PlannedStage(stage, base, base_stage, platform, steps))
    return tuple(planned)


def _first_numbers(
    dockerfile: Dockerfile, needed: tuple[int, ...], request: BuildRequest
) -> dict[int, int]:
    """Number the stages' first steps in the order of the file."""
    number = len(dockerfile.meta_args) + 1
    found = {}
    for index in sorted(needed):
        found[index] = number
        body = _bodies(dockerfile.stages[index], index == needed[-1], request)
        number += 1 + len(body)
    return found


def _step(stage: int, one: Instruction, numbers: tuple[int, int]) -> Step:
    lines = (one.lines.first, one.lines.last)
    return Step(stage, *numbers, one.node.original, lines)


def _stage_name(dockerfile: Dockerfile, stage: Stage) -> str:
    """Return what a stage goes by; the only one needs no name."""
    if len(dockerfile.stages) == 1:
        return ""
    return stage.name or f"stage-{stage.index}"


def _shows_from(dockerfile: Dockerfile, base: str, base_stage: int | None) -> bool:
    """Say whether a FROM is a step: to go on from a stage is none, but for triggers."""
    if base_stage is None:
        return base != SCRATCH
    return bool(_triggers(dockerfile, base_stage))


def _triggers(dockerfile: Dockerfile, base_stage: int | None) -> list[str]:
    """Return what a stage has its successors do."""
    if base_stage is None:
        return []
    before = dockerfile.stages[base_stage].instructions
    return [one.expression for one in before if isinstance(one, OnBuild)]


def _places(instructions: list[Instruction], shows_from: bool) -> list[int]:
    """Count those that make files; the others have no place."""
    found, count = [], 0
    for one in instructions:
        makes_files = isinstance(one, Run | Transfer | Workdir) or (
            shows_from and isinstance(one, From)
        )
        count += makes_files
        found.append(count if makes_files else 0)
    return found


def _unused(
    dockerfile: Dockerfile, request: BuildRequest, needed: tuple[int, ...]
) -> tuple[str, ...]:
    args = [*dockerfile.meta_args]
    for index in needed:
        stage = dockerfile.stages[index]
        args += [one for one in stage.instructions if isinstance(one, Arg)]
    known = {one.name for arg in args for one in arg.definitions}
    known |= {*PROXIES, "SOURCE_DATE_EPOCH"}
    given = (name for name in request.arguments if not name.startswith("BUILDKIT_"))
    return tuple(sorted(name for name in given if name not in known))
