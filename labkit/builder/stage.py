"""Building one stage: from its base, step by step, to the image it comes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import InvalidInputError, LabError
from labkit.builder import messages
from labkit.builder.bench import Bench, keep_metadata
from labkit.builder.metadata import apply_metadata, is_metadata
from labkit.builder.model import (
    BuildCancelledError,
    StageDone,
    Step,
    StepDone,
    StepFailed,
    StepNote,
    StepPulls,
    StepStarted,
)
from labkit.builder.picture import Picture, empty_picture, picture_of
from labkit.builder.plan import SCRATCH, GivenLabel, Plan, PlannedStage, parse_platform
from labkit.builder.run import Ready, run
from labkit.builder.shown import shown_name
from labkit.builder.sources import Origin
from labkit.builder.transfer import transfer
from labkit.builder.workdir import change_workdir
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.graph import Edge
from labkit.dockerfile.instructions import (
    Arg,
    Copy,
    From,
    Instruction,
    Label,
    Run,
    Transfer,
    Workdir,
)
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.parser import parse_dockerfile
from labkit.images.model import Image
from labkit.images.transfer import PullEvent

Await = Callable[[int], Picture]
"""Waits for another stage to be built."""


@dataclass(slots=True)
class StageBuilder:
    """One stage on its way; ``wait`` gives the others."""

    bench: Bench
    plan: Plan
    planned: PlannedStage
    wait: Await
    arguments: tuple[str, ...] = ()

    def build(self) -> Picture:
        """Build all of it.

        Raises:
            StepError: a command failed.
            InvalidInputError: an instruction can't be carried out.
            BuildCancelledError: the build ended for another reason.
        """
        picture: Picture | None = None
        for planned, instruction in self.planned.steps:
            self._await(instruction)
            self.bench.check()
            step = self._shown(planned, instruction, picture)
            self.bench.tell(StepStarted(step))
            try:
                picture = self._step(step, instruction, picture)
            except BuildCancelledError:
                raise
            except LabError as error:
                self.bench.tell(StepFailed(step, error))
                raise
            is_last = planned is self.planned.last
            name = _image_id(picture) if is_last else _interim_id(picture)
            self.bench.tell(StepDone(step, name))
        assert picture is not None  # a stage has a FROM
        self.bench.tell(StageDone(self.planned.stage.index, _image_id(picture)))
        return picture

    def _await(self, instruction: Instruction) -> None:
        """Wait for the stages that an instruction needs, so that none counts as its."""
        needed = [edge.stage for edge in self.plan.graph.sources.edges(instruction)]
        if isinstance(instruction, From):
            needed.append(self.planned.base_stage)
        for index in needed:
            if index is not None:
                self.wait(index)

    def _shown(
        self, step: Step, instruction: Instruction, picture: Picture | None
    ) -> Step:
        """Say with a step that makes files what its variables are worth."""
        if picture is None or not step.place:
            return step
        escape = self.plan.scopes.escape
        return replace(step, shown=shown_name(instruction, picture.environment, escape))

    def _step(
        self, step: Step, instruction: Instruction, picture: Picture | None
    ) -> Picture:
        try:
            if picture is None:
                return self._begin(step)
            return self._apply(step, instruction, picture)
        except Fault as fault:  # a pattern that is none, say, once it is expanded
            raise InvalidInputError(messages.failed(instruction.name, fault)) from fault

    def _begin(self, step: Step) -> Picture:
        planned = self.planned
        if planned.base_stage is not None:
            base = self.wait(planned.base_stage)
            picture = replace(base, cmd_set=False)
        elif planned.base == SCRATCH:
            picture = self._scratch()
        else:
            platform = planned.platform or self.bench.request.platform
            picture = self._image(step, planned.base, platform)
        triggers = picture.config.on_build
        picture = picture.configured(replace(picture.config, on_build=()))
        if triggers:
            picture = self._trigger(step, picture, triggers)
        return picture

    def _scratch(self) -> Picture:
        wanted = self.planned.platform or self.bench.request.platform
        if not wanted:
            return empty_picture()
        platform = parse_platform(wanted)
        return empty_picture(platform.architecture, platform.os)

    def _image(self, step: Step, name: str, platform: str) -> Picture:
        context = self.bench.input.contexts.get(name)
        if context is not None:
            return self._folder(step, context)
        image, base = self._find(step, name, platform, self.bench.request.pull)
        on_build = image.config.config.on_build
        return base.configured(replace(base.config, on_build=on_build))

    def _folder(self, step: Step, folder: Path) -> Picture:
        """Begin with the files of a context that has an image's name."""
        (node,) = parse_dockerfile("COPY . /").nodes
        copy = interpret(node)
        assert isinstance(copy, Copy)
        return transfer(self.bench, step, self._scratch(), copy, Origin((folder,)))

    def _find(
        self, step: Step, name: str, platform: str, pull: bool
    ) -> tuple[Image, Picture]:
        def tell(event: PullEvent) -> None:
            self.bench.tell(StepPulls(step, event))

        name = self.bench.input.images.get(name, name)
        image = self.bench.images.find(name, platform, pull, tell)
        chain_ids = self.bench.layers.chain_ids(image)
        self.bench.borrow(chain_ids[-1:])
        return image, picture_of(image, chain_ids)

    def _trigger(
        self, step: Step, picture: Picture, triggers: Sequence[str]
    ) -> Picture:
        """Carry out what the base wants done in those who build on it."""
        many = "s" if len(triggers) > 1 else ""
        text = f"# Executing {len(triggers)} build trigger{many}"
        self.bench.tell(StepNote(step, text))
        for trigger in triggers:
            nodes = parse_dockerfile(trigger).nodes
            if len(nodes) != 1:
                raise InvalidInputError("onbuild trigger should be a single expression")
            picture = self._apply(step, interpret(nodes[0]), picture)
        return picture

    def _apply(self, step: Step, written: Instruction, picture: Picture) -> Picture:
        scope = Scope(picture.environment, self.plan.scopes.escape)
        if isinstance(written, Arg):
            return self._define(step, written, picture)
        if isinstance(written, GivenLabel):
            instruction: Instruction = Label(written.node, written.pairs)
        else:
            instruction = expand(written, scope)
        if is_metadata(instruction):
            changed, history = apply_metadata(picture, instruction)
            return keep_metadata(self.bench, step, picture, changed, history)
        if isinstance(instruction, Workdir):
            return change_workdir(self.bench, step, picture, instruction)
        edges = self.plan.graph.sources.edges(written)
        if isinstance(instruction, Transfer):
            origin = self._origin_of_copy(step, instruction, edges)
            return transfer(self.bench, step, picture, instruction, origin)
        assert isinstance(instruction, Run)
        return run(self.bench, step, picture, self._ready(step, instruction, edges))

    def _define(self, step: Step, arg: Arg, picture: Picture) -> Picture:
        defined = self.plan.scopes.resolve(arg, picture.environment)
        self.arguments = (*self.arguments, *(one.name for one in defined))
        changed, history = apply_metadata(picture, replace(arg, definitions=defined))
        return keep_metadata(self.bench, step, picture, changed, history)

    def _origin_of_copy(
        self, step: Step, instruction: Transfer, edges: Sequence[Edge]
    ) -> Origin | None:
        if isinstance(instruction, Copy) and instruction.from_:
            return self._origin(step, edges[0])
        return self._context()

    def _ready(self, step: Step, instruction: Run, edges: Sequence[Edge]) -> Ready:
        found = iter(edges)
        origins = tuple(
            self._origin(step, next(found)) if mount.from_ else self._context()
            for mount in instruction.mounts
        )
        hidden = self.plan.scopes.proxies()
        return Ready(instruction, origins, self.arguments, hidden)

    def _context(self) -> Origin | None:
        context = self.bench.input.context
        return Origin((context,)) if context is not None else None

    def _origin(self, step: Step, edge: Edge) -> Origin:
        """Return the files of a stage, of a named context or of an image."""
        if edge.stage is not None:
            return self._layers(self.wait(edge.stage))
        context = self.bench.input.contexts.get(edge.source)
        if context is not None:
            return Origin((context,))
        if edge.source == SCRATCH:
            return Origin(())
        platform = self.bench.request.platform
        return self._layers(self._find(step, edge.source, platform, pull=False)[1])

    def _layers(self, picture: Picture) -> Origin:
        chains = reversed(picture.chain_ids)
        return Origin(tuple(self.bench.layers.layer_path(chain) for chain in chains))


def _image_id(picture: Picture) -> str:
    """Name a picture for people; nothing has no name."""
    return picture.image_id if _is_something(picture) else ""


def _interim_id(picture: Picture) -> str:
    """Name a picture that goes on, without spelling its whole history each time."""
    if picture.base_id or not _is_something(picture):
        return picture.base_id
    return f"sha256:{picture.state}"


def _is_something(picture: Picture) -> bool:
    return bool(picture.base_id or picture.pending or picture.image.history)
