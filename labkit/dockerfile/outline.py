"""What a target can be told: build arguments, secrets and agents, as BuildKit lists it.

An argument counts if a stage brings it into force, or a FROM names it; one before the
first FROM also if the default of such a one does. Stages that the target does not need
are left out, and what has the same name is listed once, as the later stage has it.

A comment above an argument or a stage describes it if it begins with the name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labkit.dockerfile.errors import Lines, located
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.graph import Graph
from labkit.dockerfile.instructions import Arg, Definition, Env, Run
from labkit.dockerfile.lexer import Rules, lex
from labkit.dockerfile.mounts import Mount, MountType
from labkit.dockerfile.scopes import Scopes
from labkit.dockerfile.stages import Dockerfile, Stage


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that can be given; ``value`` is an argument's, as things stand."""

    name: str
    lines: Lines
    value: str = ""
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """All of a target."""

    name: str
    description: str
    arguments: tuple[Parameter, ...]
    secrets: tuple[Parameter, ...]
    ssh: tuple[Parameter, ...]


@dataclass(slots=True)
class _Known:
    """What a stage can be told; a name is ``used`` if it means something there."""

    arguments: dict[str, Parameter]
    needs: Mapping[str, frozenset[str]]
    variables: dict[str, str]
    used: set[str] = field(default_factory=set)
    secrets: dict[str, Parameter] = field(default_factory=dict)
    ssh: dict[str, Parameter] = field(default_factory=dict)


def outline(
    graph: Graph,
    target: int,
    dockerfile: Dockerfile,
    scopes: Scopes,
    environments: Mapping[int, Mapping[str, str]],
) -> Outline:
    """List what a target can be told.

    Raises:
        DockerfileError: something can't be expanded.
    """
    arguments, needs = _before_stages(dockerfile, scopes)
    found: dict[int, _Known] = {}
    for index in graph.needed(target):
        base = graph.base(index).stage
        variables = environments.get(index, {}) if base is None else {}
        known = _Known(dict(arguments), needs, dict(variables))
        if base is not None:
            known.variables.update(found[base].variables)
        _walk(graph.stages[index], known, scopes)
        found[index] = known
    order = tuple(_depth_first(graph, target))
    stage = dockerfile.stages[target]
    return Outline(
        stage.name,
        describe(stage.from_.node.comments, stage.name),
        _first([_arguments(found[index]) for index in order]),
        _first([found[index].secrets for index in order]),
        _first([found[index].ssh for index in order]),
    )


def describe(comments: tuple[str, ...], name: str) -> str:
    """Return what the comments above something say of a name."""
    start = f"{name} "
    said = (one.removeprefix(start) for one in comments if one.startswith(start))
    return next(said, "") if name else ""


def _before_stages(
    dockerfile: Dockerfile, scopes: Scopes
) -> tuple[dict[str, Parameter], dict[str, frozenset[str]]]:
    """Return the ARGs before the first FROM, and whom each one's default names."""
    values: dict[str, str] = {}
    found: dict[str, Parameter] = {}
    needs: dict[str, frozenset[str]] = {}
    for arg in dockerfile.meta_args:
        for one in arg.definitions:
            named: frozenset[str] = frozenset()
            if one.name in scopes.build_args:
                values[one.name] = scopes.build_args[one.name]
            elif one.default is not None:
                with located(arg.lines):
                    read = lex(one.default, values, Rules(scopes.escape))
                values[one.name], named = read.text, read.matched
            if one.name in named:
                named = (named - {one.name}) | needs.get(one.name, frozenset())
            needs[one.name] = named
            found[one.name] = _parameter(arg, one, values.get(one.name, ""))
    return found, needs


def _parameter(arg: Arg, one: Definition, value: str) -> Parameter:
    description = describe(arg.node.comments, one.name)
    return Parameter(one.name, arg.lines, value, description)


def _walk(stage: Stage, known: _Known, scopes: Scopes) -> None:
    for text in (stage.from_.base, stage.from_.platform):
        with located(stage.from_.lines):
            known.used |= lex(text, scopes.globals, Rules(scopes.escape)).matched
    for instruction in stage.instructions:
        if isinstance(instruction, Arg):
            _define(instruction, known, scopes)
            continue
        scope = Scope(known.variables, scopes.escape)
        if isinstance(instruction, Env):
            pairs = expand(instruction, scope).pairs
            known.variables.update((one.name, one.value) for one in pairs)
        if isinstance(instruction, Run):
            for mount in expand(instruction, scope).mounts:
                _add_mount(mount, instruction, known)


def _define(arg: Arg, known: _Known, scopes: Scopes) -> None:
    resolved = scopes.resolve(arg, known.variables)
    for one, written in zip(resolved, arg.definitions, strict=True):
        given = one.name in scopes.build_args or written.default is not None
        if given or one.name not in scopes.globals:
            known.arguments[one.name] = _parameter(arg, one, one.default or "")
        known.used.add(one.name)
        if one.default is not None:
            known.variables[one.name] = one.default


def _add_mount(mount: Mount, run: Run, known: _Known) -> None:
    if mount.type is MountType.SECRET:
        name = mount.id or mount.source or mount.target.rpartition("/")[2]
        secret = Parameter(name, run.lines, required=mount.required)
        known.secrets.setdefault(name, secret)
    elif mount.type is MountType.SSH:
        name = mount.id or "default"
        known.ssh.setdefault(name, Parameter(name, run.lines, required=mount.required))


def _arguments(known: _Known) -> dict[str, Parameter]:
    """Return those in use, and those that they need."""
    used: set[str] = set()
    waiting = list(known.used)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += known.needs.get(name, ())
    return {name: known.arguments[name] for name in used if name in known.arguments}


def _depth_first(graph: Graph, target: int) -> Iterator[int]:
    """Yield the stages that a target needs, itself first."""
    seen: set[int] = set()
    waiting = [target]
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        yield index
        needed = [one.stage for one in graph.edges[index] if one.stage is not None]
        waiting += reversed(needed)


def _first(found: list[dict[str, Parameter]]) -> tuple[Parameter, ...]:
    """Take each name where it comes first, and order them by their lines."""
    merged: dict[str, Parameter] = {}
    for one in found:
        for name, parameter in one.items():
            merged.setdefault(name, parameter)
    return tuple(sorted(merged.values(), key=lambda one: one.lines.first))
