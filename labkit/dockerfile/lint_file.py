"""Checks of a Dockerfile as it is written, before any variable has a value."""

from collections import Counter
from collections.abc import Iterator

from labkit.base.go_text import go_quote
from labkit.dockerfile import rules
from labkit.dockerfile.instructions import Arg, From, Instruction, Maintainer
from labkit.dockerfile.rules import LintWarning
from labkit.dockerfile.stages import Dockerfile

_RESERVED = ("context", "scratch")


def check_file(
    dockerfile: Dockerfile,
) -> Iterator[tuple[Instruction | None, LintWarning]]:
    """Yield what is found, each with its instruction if it is one's own."""
    for one in dockerfile.document.warnings:
        yield (
            None,
            LintWarning(
                rules.NO_EMPTY_CONTINUATION, "Empty continuation line", one.lines
            ),
        )
    for instruction in _instructions(dockerfile):
        for warning in _check_instruction(instruction):
            yield instruction, warning
    for warning in _check_stage_names(dockerfile):
        yield None, warning
    for warning in _check_casing(dockerfile):
        yield None, warning


def _instructions(dockerfile: Dockerfile) -> Iterator[Instruction]:
    yield from dockerfile.meta_args
    for stage in dockerfile.stages:
        yield stage.from_
        yield from stage.instructions


def _check_instruction(instruction: Instruction) -> Iterator[LintWarning]:
    if isinstance(instruction, Maintainer):
        message = "Maintainer instruction is deprecated in favor of using label"
        yield LintWarning(rules.MAINTAINER_DEPRECATED, message, instruction.lines)
    elif isinstance(instruction, From):
        yield from _check_from(instruction)
        if instruction.stage:
            yield from _check_description(instruction, (instruction.stage,))
    elif isinstance(instruction, Arg):
        names = tuple(one.name for one in instruction.definitions)
        yield from _check_description(instruction, names)


def _check_from(instruction: From) -> Iterator[LintWarning]:
    words = instruction.node.arguments
    if len(words) < 3:
        return
    if words[2] != words[2].lower():
        message = f"Stage name '{words[2]}' should be lowercase"
        yield LintWarning(rules.STAGE_NAME_CASING, message, instruction.lines)
    keyword, as_ = instruction.node.keyword, words[1]
    lower, upper = keyword == keyword.lower(), keyword == keyword.upper()
    if (lower and as_ != as_.lower()) or (upper and as_ != as_.upper()):
        message = f"'{as_}' and '{keyword}' keywords' casing do not match"
        yield LintWarning(rules.FROM_AS_CASING, message, instruction.lines)


def _check_description(
    instruction: Instruction, names: tuple[str, ...]
) -> Iterator[LintWarning]:
    comments = instruction.node.comments
    if not comments or comments[-1].split(" ")[0] in names:
        return
    name = names[0] if len(names) == 1 else "<arg_key>"
    message = (
        f"Comment for {instruction.name} should follow the format: "
        f"`# {name} <description>`"
    )
    yield LintWarning(rules.INVALID_DEFINITION_DESCRIPTION, message, instruction.lines)


def _check_stage_names(dockerfile: Dockerfile) -> Iterator[LintWarning]:
    seen: set[str] = set()
    for stage in dockerfile.stages:
        name, quoted = stage.name, go_quote(stage.name)
        if name in _RESERVED:
            message = (
                f"Stage name should not use the same name as reserved stage {quoted}"
            )
            yield LintWarning(rules.RESERVED_STAGE_NAME, message, stage.from_.lines)
        if name and name in seen:
            message = f"Duplicate stage name {quoted}, stage names should be unique"
            yield LintWarning(rules.DUPLICATE_STAGE_NAME, message, stage.from_.lines)
        seen.add(name)


def _check_casing(dockerfile: Dockerfile) -> Iterator[LintWarning]:
    """Compare keywords with the case of the majority; ``Run`` counts for neither."""
    nodes = [
        one.node
        for stage in dockerfile.stages
        for one in (stage.from_, *stage.instructions)
    ]
    count = Counter(
        "lower" if node.keyword == node.keyword.lower() else "upper"
        for node in nodes
        if node.keyword in (node.keyword.lower(), node.keyword.upper())
    )
    is_lower = count["lower"] > count["upper"]
    for node in nodes:
        wanted = node.keyword.lower() if is_lower else node.keyword.upper()
        if node.keyword != wanted:
            casing = "lowercase" if is_lower else "uppercase"
            message = (
                f"Command '{node.keyword}' should match the case of the command "
                f"majority ({casing})"
            )
            yield LintWarning(rules.CONSISTENT_INSTRUCTION_CASING, message, node.lines)
