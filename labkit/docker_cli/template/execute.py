"""Phase 3: nodes over a value, to text; what goes wrong is said in Go's words."""

from __future__ import annotations

from labkit.docker_cli.template.functions import (
    FUNCTIONS,
    FunctionError,
    WrongTypeError,
)
from labkit.docker_cli.template.nodes import (
    Action,
    Branch,
    Chain,
    Command,
    Dot,
    Field,
    Function,
    Jump,
    Literal,
    Node,
    Pipe,
    Text,
    Variable,
)
from labkit.docker_cli.template.printing import show_result
from labkit.docker_cli.template.values import (
    ABSENT,
    Absent,
    NilPointer,
    Struct,
    is_true,
    type_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NO_INPUT = object()


class TemplateError(Exception):
    """A template can't be filled with this value."""


class _Jumped(Exception):
    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def execute(
    nodes: Sequence[Node], source: str, value: object, strict: bool = False
) -> str:
    """Fill a template; ``strict`` refuses keys that a map lacks.

    Raises:
        TemplateError: in Go's words.
    """
    return _State(source, value, strict).run(nodes, value)


class _State:
    def __init__(self, source: str, value: object, strict: bool) -> None:
        self._source = source
        self._strict = strict
        self._top = value
        self._node: Node | None = None
        self._variables: list[tuple[str, object]] = [("$", value)]
        self._output: list[str] = []

    def run(self, nodes: Sequence[Node], dot: object) -> str:
        self._walk(nodes, dot)
        return "".join(self._output)

    def _fail(self, problem: str) -> TemplateError:
        assert self._node is not None
        before = self._source[: self._node.position]
        line = 1 + before.count("\n")
        column = len(before.encode()) - len(before[: before.rfind("\n") + 1].encode())
        return TemplateError(
            f'template: :{line}:{column}: executing "" at <{self._node}>: {problem}'
        )

    # Statements.

    def _walk(self, nodes: Sequence[Node], dot: object) -> None:
        for node in nodes:
            if isinstance(node, Text):
                self._output.append(node.text)
            elif isinstance(node, Action):
                value = self._pipe(node.pipe, dot)
                if not node.pipe.names:
                    self._output.append(show_result(value))
            elif isinstance(node, Jump):
                raise _Jumped(node.kind)
            elif isinstance(node, Branch):
                self._branch(node, dot)

    def _branch(self, branch: Branch, dot: object) -> None:
        known = len(self._variables)
        if branch.kind == "range":
            self._range(branch, dot)
        else:
            value = self._pipe(branch.pipe, dot)
            inner = value if branch.kind == "with" else dot
            if is_true(value):
                self._walk(branch.body, inner)
            else:
                self._walk(branch.otherwise, dot)
        del self._variables[known:]

    def _range(self, branch: Branch, dot: object) -> None:
        value = self._pipe(branch.pipe, dot)
        self._node = branch.pipe
        pairs = list(self._items(value))
        if not pairs:
            self._walk(branch.otherwise, dot)
            return
        names = branch.pipe.names
        for key, each in pairs:
            known = len(self._variables)
            if len(names) == 1:
                self._variables.append((names[0], each))
            elif names:
                self._variables += [(names[0], key), (names[1], each)]
            try:
                self._walk(branch.body, each)
            except _Jumped as jumped:
                if jumped.kind == "break":
                    return
            finally:
                del self._variables[known:]

    def _items(self, value: object) -> Iterator[tuple[object, object]]:
        if value is None or isinstance(value, Absent):
            return iter(())
        if isinstance(value, dict) and not isinstance(value, Struct):
            return iter(sorted(value.items()))
        if isinstance(value, list):
            return iter(enumerate(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return iter((number, number) for number in range(value))
        raise self._fail(f"range can't iterate over {show_result(value)}")

    # Expressions.

    def _pipe(self, pipe: Pipe, dot: object) -> object:
        value: object = _NO_INPUT
        for command in pipe.commands:
            value = self._command(command, dot, value)
        if len(pipe.names) == 1 and pipe.assigns:
            self._assign(pipe.names[0], value)
        elif pipe.names and not pipe.assigns:
            self._variables.append((pipe.names[-1], value))
        return value

    def _assign(self, name: str, value: object) -> None:
        for index in range(len(self._variables) - 1, -1, -1):
            if self._variables[index][0] == name:
                self._variables[index] = (name, value)
                return

    def _command(self, command: Command, dot: object, given: object) -> object:
        first, *rest = command.arguments
        self._node = first
        if isinstance(first, Function):
            return self._function(first.name, command, dot, given)
        if isinstance(first, (Field, Variable, Chain)):
            return self._fields(first, dot, rest, given)
        if rest or given is not _NO_INPUT:
            raise self._fail(f"can't give argument to non-function {first}")
        if isinstance(first, Literal) and first.value is None:
            raise self._fail("nil is not a command")
        return self._value(first, dot)

    def _value(self, node: Node, dot: object) -> object:
        self._node = node
        if isinstance(node, Dot):
            return dot
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Pipe):
            return self._pipe(node, dot)
        if isinstance(node, Function):
            command = Command(node.position)
            command.arguments = [node]
            return self._function(node.name, command, dot, _NO_INPUT)
        return self._fields(node, dot, [], _NO_INPUT)

    def _fields(
        self, node: Node, dot: object, arguments: Sequence[Node], given: object
    ) -> object:
        value, names = self._receiver(node, dot)
        self._node = node
        for index, name in enumerate(names):
            last = index == len(names) - 1
            words = [self._value(each, dot) for each in arguments] if last else []
            if last and given is not _NO_INPUT:
                words.append(given)
            self._node = node
            value = self._field(value, name, words, nested=index > 0)
        if not names and (arguments or given is not _NO_INPUT):
            raise self._fail(f"can't give argument to non-function {node}")
        return value

    def _receiver(self, node: Node, dot: object) -> tuple[object, list[str]]:
        if isinstance(node, Field):
            return dot, node.names
        if isinstance(node, Variable):
            values = [v for name, v in self._variables if name == node.name]
            return values[-1], node.names
        assert isinstance(node, Chain)
        return self._value(node.base, dot), node.names

    def _field(
        self, value: object, name: str, words: Sequence[object], nested: bool
    ) -> object:
        if value is None:
            if self._strict and not nested:
                raise self._fail(f'nil data; no entry for key "{name}"')
            raise self._fail(f"nil pointer evaluating interface {{}}.{name}")
        if isinstance(value, Absent):
            return ABSENT
        if isinstance(value, NilPointer):
            raise self._fail(f"nil pointer evaluating {value.type_name}.{name}")
        if isinstance(value, dict):
            return self._entry(value, name, words, nested)
        subject = getattr(value, "subject", None)
        if subject is not None:
            return self._method(value, name, words)
        raise self._fail(
            f"can't evaluate field {name} in type {self._type(value, nested)}"
        )

    def _entry(
        self, value: dict[str, object], name: str, words: Sequence[object], nested: bool
    ) -> object:
        if name in value:
            if words:
                raise self._fail(f"{name} is not a method but has arguments")
            return value[name]
        if isinstance(value, Struct):
            raise self._fail(f"can't evaluate field {name} in type {value.type_name}")
        if self._strict:
            raise self._fail(f'map has no entry for key "{name}"')
        return ABSENT

    def _method(self, row: object, name: str, words: Sequence[object]) -> object:
        subject = row.subject  # type: ignore[attr-defined]
        if name in subject.methods:
            if len(words) != 1:
                raise self._fail(
                    f"wrong number of args for {name}: want 1 got {len(words)}"
                )
            return row.call(name, words[0])  # type: ignore[attr-defined]
        if name not in subject.fields:
            raise self._fail(
                f"can't evaluate field {name} in type *{subject.type_name}"
            )
        if words:
            raise self._fail(
                f"wrong number of args for {name}: want 0 got {len(words)}"
            )
        return row.get(name)  # type: ignore[attr-defined]

    def _type(self, value: object, nested: bool) -> str:
        return type_name(value, raw=self._strict and nested)

    def _function(
        self, name: str, command: Command, dot: object, given: object
    ) -> object:
        function, least, most = FUNCTIONS[name]
        words = command.arguments[1:]
        count = len(words) + (given is not _NO_INPUT)
        if count < least or (most is not None and count > most):
            raise self._fail(_count_message(name, least, most, count))
        if name in ("and", "or"):
            return self._short_circuit(name, words, dot, given)
        values = [self._value(word, dot) for word in words]
        if given is not _NO_INPUT:
            values.append(given)
        self._node = command
        try:
            return function(*values)
        except FunctionError as error:
            raise self._fail(f"error calling {name}: {error}") from None
        except WrongTypeError as error:
            self._node = words[0] if words else command
            said = str(error)
            if isinstance(self._node, Literal) and said.startswith("expected"):
                wanted = said.partition(";")[0]
                raise self._fail(f"{wanted}; found {self._node}") from None
            prefix = "" if said.startswith("invalid") else "wrong type for value; "
            raise self._fail(prefix + said) from None

    def _short_circuit(
        self, name: str, words: Sequence[Node], dot: object, given: object
    ) -> object:
        value: object = None
        for word in words:
            value = self._value(word, dot)
            if is_true(value) == (name == "or"):
                return value
        return value if given is _NO_INPUT else given


def _count_message(name: str, least: int, most: int | None, count: int) -> str:
    wanted = f"at least {least}" if most != least else str(least)
    return f"wrong number of args for {name}: want {wanted} got {count}"
