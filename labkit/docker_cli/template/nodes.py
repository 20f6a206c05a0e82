"""Between phases 2 and 3: what a template is made of.

``str()`` of a node is Go's: it stands in messages between ``<`` and ``>``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Node:
    """A piece of a template, and where it begins."""

    __slots__ = ("position",)

    def __init__(self, position: int) -> None:
        self.position = position


class Text(Node):
    __slots__ = ("text",)

    def __init__(self, position: int, text: str) -> None:
        super().__init__(position)
        self.text = text


class Literal(Node):
    """A string, number, bool or nil, and how it was written."""

    __slots__ = ("value", "written")

    def __init__(self, position: int, written: str, value: object) -> None:
        super().__init__(position)
        self.written = written
        self.value = value

    def __str__(self) -> str:
        return self.written


class Dot(Node):
    __slots__ = ()

    def __str__(self) -> str:
        return "."


class Field(Node):
    """``.State.Health``: fields of dot."""

    __slots__ = ("names",)

    def __init__(self, position: int, names: Sequence[str]) -> None:
        super().__init__(position)
        self.names = list(names)

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


class Variable(Node):
    """``$x.State``: a variable, and fields of it."""

    __slots__ = ("name", "names")

    def __init__(self, position: int, name: str, names: Sequence[str] = ()) -> None:
        super().__init__(position)
        self.name = name
        self.names = list(names)

    def __str__(self) -> str:
        return self.name + "".join(f".{name}" for name in self.names)


class Chain(Node):
    """``(index .A 0).B``: fields of something in parentheses."""

    __slots__ = ("base", "names")

    def __init__(self, position: int, base: Node, names: Sequence[str]) -> None:
        super().__init__(position)
        self.base = base
        self.names = list(names)

    def __str__(self) -> str:
        base = f"({self.base})" if isinstance(self.base, Pipe) else str(self.base)
        return base + "".join(f".{name}" for name in self.names)


class Function(Node):
    __slots__ = ("name",)

    def __init__(self, position: int, name: str) -> None:
        super().__init__(position)
        self.name = name

    def __str__(self) -> str:
        return self.name


class Command(Node):
    """A value, or a function and its arguments."""

    __slots__ = ("arguments",)

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.arguments: list[Node] = []

    def __str__(self) -> str:
        texts = (f"({a})" if isinstance(a, Pipe) else str(a) for a in self.arguments)
        return " ".join(texts)


class Pipe(Node):
    """Commands whose values flow on, and the variables that take the last one."""

    __slots__ = ("assigns", "commands", "names")

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.names: list[str] = []
        self.assigns = False
        self.commands: list[Command] = []

    def __str__(self) -> str:
        text = " | ".join(str(command) for command in self.commands)
        if not self.names:
            return text
        sign = "=" if self.assigns else ":="
        return f"{', '.join(self.names)} {sign} {text}"


class Action(Node):
    __slots__ = ("pipe",)

    def __init__(self, position: int, pipe: Pipe) -> None:
        super().__init__(position)
        self.pipe = pipe


class Branch(Node):
    """``if``, ``with`` or ``range``, its body and its else."""

    __slots__ = ("body", "kind", "otherwise", "pipe")

    def __init__(self, position: int, kind: str, pipe: Pipe) -> None:
        super().__init__(position)
        self.kind = kind
        self.pipe = pipe
        self.body: list[Node] = []
        self.otherwise: list[Node] = []


class Jump(Node):
    """``break`` or ``continue``."""

    __slots__ = ("kind",)

    def __init__(self, position: int, kind: str) -> None:
        super().__init__(position)
        self.kind = kind
