"""What BuildKit would warn of in a Dockerfile.

``lint_file`` looks at the text, ``lint_from`` at FROM lines, ``lint_stage`` walks over
the stages that the target needs, with the variables that are in force. Which checks are
made is said by ``# check=`` at the top, and above single instructions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labkit.dockerfile.check_options import CheckOptions, parse_check_options
from labkit.dockerfile.errors import DockerfileError, Fault
from labkit.dockerfile.graph import Graph
from labkit.dockerfile.ignore import IgnoreRules
from labkit.dockerfile.instructions import Instruction
from labkit.dockerfile.lint_file import check_file
from labkit.dockerfile.lint_from import check_from
from labkit.dockerfile.lint_stage import StageState, Surroundings, check_instruction
from labkit.dockerfile.rules import LintWarning
from labkit.dockerfile.scopes import Scopes, open_scopes
from labkit.dockerfile.stages import Dockerfile

# What an image that isn't known yet brings along at least.
_USUAL_ENVIRONMENT = {"PATH": ""}

Found = tuple[Instruction | None, LintWarning]


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What the checks know of the build.

    ``targets`` are the stages to look at, with what they need; ``builtins`` are the
    predefined names (``scopes.platform_args``); ``environments`` are those of base
    images, by the number of the stage.
    """

    graph: Graph
    targets: tuple[int, ...]
    scopes: Scopes
    builtins: Mapping[str, str] = field(default_factory=dict)
    ignore: IgnoreRules = field(default_factory=IgnoreRules)
    environments: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was found; ``is_error`` says that it fails the build."""

    warnings: tuple[LintWarning, ...]
    is_error: bool


def lint(
    dockerfile: Dockerfile, facts: BuildFacts, options: CheckOptions | None = None
) -> LintReport:
    """Check a Dockerfile; ``options`` are taken instead of the file's own.

    A directive that makes no sense is taken for none, as BuildKit takes it.
    """
    if options is None:
        options = _own_options(dockerfile)
    warnings: dict[LintWarning, None] = {}
    for instruction, warning in _check(dockerfile, facts):
        comments = instruction.node.comments if instruction else ()
        if options.with_comments(comments).applies(warning.rule):
            warnings[warning] = None
    return LintReport(tuple(warnings), options.is_error and bool(warnings))


def _own_options(dockerfile: Dockerfile) -> CheckOptions:
    try:
        return parse_check_options(dockerfile.document.directive("check"))
    except Fault:
        return CheckOptions()


def _check(dockerfile: Dockerfile, facts: BuildFacts) -> Iterator[Found]:
    yield from check_file(dockerfile)
    yield from _check_froms(dockerfile, facts)
    yield from _check_stages(dockerfile, facts)


def _check_froms(dockerfile: Dockerfile, facts: BuildFacts) -> Iterator[Found]:
    try:
        defaults = open_scopes(dockerfile, {}, facts.builtins)
    except DockerfileError:
        return
    own = {one.name for arg in dockerfile.meta_args for one in arg.definitions}
    declared = frozenset(own | set(facts.scopes.globals))
    for stage in dockerfile.stages:
        for warning in check_from(stage.from_, facts.scopes, defaults, declared):
            yield stage.from_, warning


def _check_stages(dockerfile: Dockerfile, facts: BuildFacts) -> Iterator[Found]:
    around = Surroundings(facts.scopes, facts.ignore)
    states: dict[int, StageState] = {}
    for index in facts.graph.needed(*facts.targets):
        base = facts.graph.base(index)
        state = states[index] = (
            StageState(_environment(base.source, index, facts))
            if base.stage is None
            else states[base.stage].inherit()
        )
        for instruction in dockerfile.stages[index].instructions:
            for warning in check_instruction(instruction, state, around):
                yield instruction, warning


def _environment(base: str, index: int, facts: BuildFacts) -> dict[str, str]:
    usual = {} if base == "scratch" else _USUAL_ENVIRONMENT
    return dict(facts.environments.get(index, usual))
