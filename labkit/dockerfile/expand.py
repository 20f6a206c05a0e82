"""Phase 4: give an instruction its variables.

Which values of which instruction are expanded is a table of types. RUN, CMD,
ENTRYPOINT and the like aren't: their shell does it. ``ENV a=1 b=$a`` expands ``$a`` as
it was before this line. What an ARG is worth depends on more, see ``scopes``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from labkit.dockerfile.directives import DEFAULT_ESCAPE
from labkit.dockerfile.errors import located
from labkit.dockerfile.instructions import (
    Add,
    Copy,
    Env,
    Expose,
    From,
    InlineFile,
    Instruction,
    Label,
    Pair,
    Run,
    StopSignal,
    Transfer,
    User,
    Volume,
    Workdir,
)
from labkit.dockerfile.lexer import Expansion, Rules, lex
from labkit.dockerfile.mounts import parse_mount

T = TypeVar("T", bound=Instruction)


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables in force, what escapes, and which names were asked for in vain."""

    variables: Mapping[str, str]
    escape: str = DEFAULT_ESCAPE
    unmatched: set[str] = field(default_factory=set)

    def word(self, text: str) -> str:
        """Expand a text to one word; its blanks stay.

        Raises:
            Fault: a quote or brace isn't closed, or a substitution makes no sense.
        """
        if self._is_plain(text):
            return text
        return self._note(lex(text, self.variables, Rules(self.escape))).text

    def words(self, text: str) -> tuple[str, ...]:
        """Expand a text to the words that it falls into."""
        return self._note(lex(text, self.variables, Rules(self.escape))).words

    def content(self, text: str) -> str:
        """Expand a here-document: quotes are its own, and a backslash escapes."""
        rules = Rules(literal_quotes=True)
        return self._note(lex(text, self.variables, rules)).text

    def _is_plain(self, text: str) -> bool:
        return not any(char in text for char in ("$", "'", '"', self.escape))

    def _note(self, expansion: Expansion) -> Expansion:
        self.unmatched.update(expansion.unmatched)
        return expansion


def expand(instruction: T, scope: Scope) -> T:
    """Return an instruction with its variables replaced and its quotes taken away.

    Raises:
        DockerfileError: an expansion makes no sense; the message has the line.
    """
    expander = _EXPANDERS.get(type(instruction))
    if expander is None:
        return instruction
    with located(instruction.lines):
        return cast(T, expander(instruction, scope))


def _expand_from(instruction: From, scope: Scope) -> From:
    return replace(
        instruction,
        base=scope.word(instruction.base),
        platform=scope.word(instruction.platform),
    )


def _expand_env(instruction: Env, scope: Scope) -> Env:
    return replace(instruction, pairs=_expand_pairs(instruction.pairs, scope))


def _expand_label(instruction: Label, scope: Scope) -> Label:
    return replace(instruction, pairs=_expand_pairs(instruction.pairs, scope))


def _expand_pairs(pairs: tuple[Pair, ...], scope: Scope) -> tuple[Pair, ...]:
    return tuple(
        replace(pair, name=scope.word(pair.name), value=scope.word(pair.value))
        for pair in pairs
    )


def _expand_transfer(instruction: Transfer, scope: Scope) -> Transfer:
    return replace(
        instruction,
        sources=tuple(scope.word(source) for source in instruction.sources),
        files=tuple(_expand_file(file, scope) for file in instruction.files),
        destination=scope.word(instruction.destination),
        chown=scope.word(instruction.chown),
        chmod=scope.word(instruction.chmod),
    )


def _expand_file(file: InlineFile, scope: Scope) -> InlineFile:
    if not file.expand:
        return file
    return replace(file, content=scope.content(file.content))


def _expand_add(instruction: Add, scope: Scope) -> Transfer:
    checksum = scope.word(instruction.checksum)
    return _expand_transfer(replace(instruction, checksum=checksum), scope)


def _expand_run(instruction: Run, scope: Scope) -> Run:
    mounts = (parse_mount(one.text, scope.word) for one in instruction.mounts)
    return replace(instruction, mounts=tuple(mounts))


def _expand_expose(instruction: Expose, scope: Scope) -> Expose:
    ports = (port for text in instruction.ports for port in scope.words(text))
    return replace(instruction, ports=tuple(ports))


def _expand_volume(instruction: Volume, scope: Scope) -> Volume:
    return replace(
        instruction, paths=tuple(scope.word(path) for path in instruction.paths)
    )


def _expand_user(instruction: User, scope: Scope) -> User:
    return replace(instruction, user=scope.word(instruction.user))


def _expand_workdir(instruction: Workdir, scope: Scope) -> Workdir:
    return replace(instruction, path=scope.word(instruction.path))


def _expand_stop_signal(instruction: StopSignal, scope: Scope) -> StopSignal:
    return replace(instruction, signal=scope.word(instruction.signal))


_EXPANDERS: Mapping[type[Instruction], Callable[..., Instruction]] = {
    Add: _expand_add,
    Copy: _expand_transfer,
    Env: _expand_env,
    Expose: _expand_expose,
    From: _expand_from,
    Label: _expand_label,
    Run: _expand_run,
    StopSignal: _expand_stop_signal,
    User: _expand_user,
    Volume: _expand_volume,
    Workdir: _expand_workdir,
}
