"""Checks of a stage, with the variables that are in force at each instruction."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labkit.base.go_text import go_quote
from labkit.dockerfile import rules
from labkit.dockerfile.errors import DockerfileError, Fault, Lines
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.ignore import IgnoreRules
from labkit.dockerfile.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    HealthCheck,
    Instruction,
    Label,
    Shell,
    Transfer,
    Workdir,
)
from labkit.dockerfile.rules import LintWarning
from labkit.dockerfile.scopes import Scopes
from labkit.dockerfile.suggest import nearest

_SECRET = re.compile(
    "(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)",
    re.IGNORECASE,
)
_NO_SECRET = re.compile("(?:_|^)(?:public|file|version)(?:_|$)", re.IGNORECASE)
_WHOLE_CONTEXT = (".", "/")
_EVERYTHING = ("*", "**", "**/*")

Found = Iterator[LintWarning]


@dataclass(slots=True)
class StageState:
    """What is known at an instruction; a stage FROM another goes on with its state."""

    variables: dict[str, str]
    declared: set[str] = field(default_factory=set)
    has_shell: bool = False
    has_workdir: bool = False
    used: dict[type[Instruction], Lines] = field(default_factory=dict)

    def inherit(self) -> "StageState":
        """Return the state in which a stage on top of this one starts."""
        return replace(
            self,
            variables=dict(self.variables),
            declared=set(self.declared),
            used={},
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What doesn't change in a stage."""

    scopes: Scopes
    ignore: IgnoreRules


def check_instruction(
    instruction: Instruction, state: StageState, around: Surroundings
) -> Found:
    """Yield what is found in an instruction, and bring the state behind it."""
    scope = Scope(state.variables, around.scopes.escape)
    try:
        expanded = expand(instruction, scope)
        yield from _check_unmatched(instruction, scope.unmatched, state)
        check = _CHECKS.get(type(instruction))
        if check is not None:
            yield from check(expanded, state, around)
    except (DockerfileError, Fault):
        return  # the build will say so, and fail


def _check_unmatched(
    instruction: Instruction, unmatched: set[str], state: StageState
) -> Found:
    for name in sorted(unmatched - state.declared):
        message = f"Usage of undefined variable '${name}'"
        meant = nearest(name, sorted(state.variables))
        message += f" (did you mean ${meant}?)" if meant else ""
        yield LintWarning(rules.UNDEFINED_VAR, message, instruction.lines)


def _arg(instruction: Arg, state: StageState, around: Surroundings) -> Found:
    for one in instruction.definitions:
        yield from _check_secret("ARG", one.name, instruction.lines)
        if one.default is not None and one.name not in around.scopes.build_args:
            scope = Scope(state.variables, around.scopes.escape)
            scope.word(one.default)
            yield from _check_unmatched(instruction, scope.unmatched, state)
        (resolved,) = around.scopes.resolve(
            replace(instruction, definitions=(one,)), state.variables
        )
        if resolved.default is not None:
            state.variables[one.name] = resolved.default
        state.declared.add(one.name)


def _env(instruction: Env, state: StageState, _around: Surroundings) -> Found:
    for pair in instruction.pairs:
        yield from _check_legacy(instruction, pair.is_legacy)
        yield from _check_secret("ENV", pair.name, instruction.lines)
        state.variables[pair.name] = pair.value


def _label(instruction: Label, _state: StageState, _around: Surroundings) -> Found:
    for pair in instruction.pairs:
        yield from _check_legacy(instruction, pair.is_legacy)


def _check_legacy(instruction: Instruction, is_legacy: bool) -> Found:
    if is_legacy:
        name = instruction.node.keyword
        message = (
            f'"{name} key=value" should be used instead of legacy "{name} key value" '
            "format"
        )
        yield LintWarning(rules.LEGACY_KEY_VALUE_FORMAT, message, instruction.lines)


def _check_secret(instruction: str, name: str, lines: Lines) -> Found:
    if _SECRET.search(name) and not _NO_SECRET.search(name):
        message = (
            "Do not use ARG or ENV instructions for sensitive data "
            f"({instruction} {go_quote(name)})"
        )
        yield LintWarning(rules.SECRETS_USED_IN_ARG_OR_ENV, message, lines)


def _command(
    instruction: Cmd | Entrypoint, state: StageState, around: Surroundings
) -> Found:
    yield from _once(instruction, state, around)
    if instruction.command.is_shell and not state.has_shell:
        message = (
            f"JSON arguments recommended for {instruction.node.keyword} to prevent "
            "unintended behavior related to OS signals"
        )
        yield LintWarning(rules.JSON_ARGS_RECOMMENDED, message, instruction.lines)


def _once(instruction: Instruction, state: StageState, _around: Surroundings) -> Found:
    """The line that counts for nothing is the earlier one."""
    before = state.used.get(type(instruction))
    if before is not None:
        message = (
            f"Multiple {instruction.node.keyword} instructions should not be used in "
            "the same stage because only the last one will be used"
        )
        yield LintWarning(rules.MULTIPLE_INSTRUCTIONS_DISALLOWED, message, before)
    state.used[type(instruction)] = instruction.lines


def _shell(_instruction: Shell, state: StageState, _around: Surroundings) -> Found:
    state.has_shell = True
    yield from ()


def _workdir(instruction: Workdir, state: StageState, _around: Surroundings) -> Found:
    if not state.has_workdir and not instruction.path.startswith("/"):
        message = (
            f"Relative workdir {go_quote(instruction.path)} can have unexpected "
            "results if the base image changes"
        )
        yield LintWarning(rules.WORKDIR_RELATIVE_PATH, message, instruction.lines)
    state.has_workdir = True


def _expose(instruction: Expose, _state: StageState, _around: Surroundings) -> Found:
    for port in instruction.ports:
        protocol = port.rpartition(":")[2].partition("/")[2]
        if protocol != protocol.lower():
            message = (
                f"Defined protocol '{port}' in EXPOSE instruction should be lowercase"
            )
            yield LintWarning(rules.EXPOSE_PROTO_CASING, message, instruction.lines)
        if ":" in port:
            message = (
                "EXPOSE instruction should not define an IP address or host-port "
                f"mapping, found '{port}'"
            )
            yield LintWarning(rules.EXPOSE_INVALID_FORMAT, message, instruction.lines)


def _copy(instruction: Copy, _state: StageState, around: Surroundings) -> Found:
    if not instruction.from_:
        yield from _check_ignored("Copy", instruction, around.ignore)


def _add(instruction: Add, _state: StageState, around: Surroundings) -> Found:
    yield from _check_ignored("Add", instruction, around.ignore)


def _check_ignored(verb: str, instruction: Transfer, ignore: IgnoreRules) -> Found:
    """With exceptions in the file nothing can be said: they may mean what is below."""
    if ignore.has_exceptions:
        return
    everything = any(one.text in _EVERYTHING for one in ignore.patterns)
    for source in instruction.sources:
        if "://" in source:
            continue
        path = posixpath.normpath(source)
        if path in _WHOLE_CONTEXT and not everything:
            continue
        if everything or ignore.excludes(path):
            message = (
                f"Attempting to {verb} file {go_quote(path)} that is excluded by "
                ".dockerignore"
            )
            yield LintWarning(rules.COPY_IGNORED_FILE, message, instruction.lines)


_CHECKS: Mapping[
    type[Instruction], Callable[[Any, StageState, Surroundings], Found]
] = {
    Add: _add,
    Arg: _arg,
    Cmd: _command,
    Copy: _copy,
    Entrypoint: _command,
    Env: _env,
    Expose: _expose,
    HealthCheck: _once,
    Label: _label,
    Shell: _shell,
    Workdir: _workdir,
}
