"""Which stages a target needs, and in which order they can be built.

A stage needs others in three ways: FROM, ``COPY --from`` and ``RUN --mount=from``. FROM
means a stage above it, the others any; of two stages with one name the later counts. A
number means a stage by its place. What is neither is an image, or a context given by
name, and those win over stages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from labkit.dockerfile.errors import DockerfileError, Fault, Lines, located
from labkit.dockerfile.instructions import Copy, Instruction, Run
from labkit.dockerfile.lexer import Rules, lex
from labkit.dockerfile.stages import Dockerfile, Stage
from labkit.dockerfile.suggest import with_suggestion

_NUMBER = re.compile("[+-]?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Edge:
    """A need: ``source`` as written, and the number of the stage that it means.

    ``stage`` is None for an image, or a context given by name.
    """

    source: str
    stage: int | None
    lines: Lines


@dataclass(frozen=True, slots=True)
class Sources:
    """What a name behind ``--from`` can mean."""

    names: Mapping[str, int]
    count: int
    contexts: frozenset[str]

    def edges(self, instruction: Instruction) -> list[Edge]:
        """Return what an instruction needs; a trigger of ONBUILD can be asked, too.

        Raises:
            DockerfileError: a source is none, or has a variable.
        """
        with located(instruction.lines):
            return [
                Edge(source, self._find(source), instruction.lines)
                for source in _named_by(instruction)
            ]

    def _find(self, source: str) -> int | None:
        if source.lower() in self.contexts:
            return None
        if _NUMBER.fullmatch(source):
            if not 0 <= int(source) < self.count:
                raise Fault(f"invalid stage index {int(source)}")
            return int(source)
        return self.names.get(source.lower())


@dataclass(frozen=True, slots=True)
class Graph:
    """Each stage's needs, by its number; the first of them is its FROM."""

    stages: tuple[Stage, ...]
    edges: tuple[tuple[Edge, ...], ...]
    sources: Sources

    def base(self, index: int) -> Edge:
        return self.edges[index][0]

    def needed(self, *targets: int) -> tuple[int, ...]:
        """Return the stages that targets need, and they: in an order to build in.

        Raises:
            DockerfileError: a stage needs itself, by whatever way round.
        """
        done: dict[int, None] = {}
        for target in targets:
            self._descend(target, done)
        return tuple(done)

    def _descend(self, target: int, done: dict[int, None]) -> None:
        if target in done:
            return
        path: dict[int, Iterator[Edge]] = {target: iter(self.edges[target])}
        while path:
            index, edges = next(reversed(path.items()))
            edge = next((one for one in edges if one.stage is not None), None)
            if edge is None or edge.stage is None:
                done[index] = None
                del path[index]
            elif edge.stage in path:
                name = self.stages[index].name or f"stage-{index}"
                message = f"circular dependency detected on stage: {name}"
                raise DockerfileError(message, edge.lines)
            elif edge.stage not in done:
                path[edge.stage] = iter(self.edges[edge.stage])


def link_stages(
    dockerfile: Dockerfile, bases: Iterable[str], contexts: Iterable[str] = ()
) -> Graph:
    """Find out which stage needs which.

    Args:
        dockerfile: its stages.
        bases: what the FROM of each stage names, once expanded.
        contexts: the names of ``--build-context``.

    Raises:
        DockerfileError: a source is none, has a variable, or leads in a circle.
    """
    stages = dockerfile.stages
    # A dictionary keeps the last of two with one name: the later stage.
    names = {stage.name: stage.index for stage in stages if stage.name}
    outside = frozenset(context.lower() for context in contexts)
    sources = Sources(names, len(stages), outside)
    above: dict[str, int] = {}
    edges: list[tuple[Edge, ...]] = []
    for stage, base in zip(stages, bases, strict=True):
        index = None if base.lower() in outside else above.get(base.lower())
        needs = [Edge(base, index, stage.from_.lines)]
        for instruction in stage.instructions:
            needs += sources.edges(instruction)
        edges.append(tuple(needs))
        if stage.name:
            above[stage.name] = stage.index
    graph = Graph(stages, tuple(edges), sources)
    graph.needed(*range(len(stages)))
    return graph


def find_target(dockerfile: Dockerfile, target: str) -> Stage:
    """Return the stage to build: by name, by number, or the last one.

    Raises:
        Fault: there is none of that name.
    """
    if not target:
        return dockerfile.stages[-1]
    named = [one for one in dockerfile.stages if one.name == target.lower()]
    if named:
        return named[-1]
    if target.isdecimal() and len(target) < 9 and int(target) < len(dockerfile.stages):
        return dockerfile.stages[int(target)]
    names = [one.name for one in dockerfile.stages if one.name]
    message = f'target stage "{target}" could not be found'
    raise Fault(with_suggestion(message, target, names))


def _named_by(instruction: Instruction) -> tuple[str, ...]:
    if isinstance(instruction, Copy) and instruction.from_:
        if lex(instruction.from_, {}, Rules()).text != instruction.from_:
            raise Fault(
                "variable expansion is not supported for --from, define a new stage "
                "with FROM using ARG from global scope as a workaround"
            )
        return (instruction.from_,)
    if isinstance(instruction, Run):
        return tuple(mount.from_ for mount in instruction.mounts if mount.from_)
    return ()
