"""Phase 2: tokens to nodes, as Go's ``text/template/parse``, in its words."""

from __future__ import annotations

import ast

from labkit.base.go_text import go_quote
from labkit.docker_cli.template.functions import FUNCTIONS
from labkit.docker_cli.template.lexer import (
    TemplateSyntaxError,
    Token,
    syntax_error,
    tokens,
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

_CONSTANTS = {"true": True, "false": False, "nil": None}
_BRANCHES = ("if", "with", "range")
_JUMPS = ("break", "continue")
_DEFINITIONS = ("define", "template", "block")


def parse_template(source: str, name: str = "") -> list[Node]:
    """Return the nodes of a template.

    Raises:
        TemplateSyntaxError: in Go's words.
    """
    try:
        return _Parser(source).parse()
    except TemplateSyntaxError as error:
        if not name:
            raise
        said = str(error).replace("template: :", f"template: {name}:", 1)
        raise TemplateSyntaxError(said) from None


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = [*tokens(source), Token("end", "", len(source))]
        self._next = 0
        self._variables = ["$"]
        self._loops = 0

    def parse(self) -> list[Node]:
        nodes, stop = self._nodes(top=True)
        if stop:
            raise self._error(f"unexpected {{{{{stop}}}}}")
        return nodes

    # The reading of tokens.

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _skip_space(self) -> Token:
        while self._peek().kind == "space":
            self._take()
        return self._peek()

    def _error(self, problem: str) -> TemplateSyntaxError:
        return syntax_error(self._source, self._peek().position, problem)

    # Lists of nodes, and the actions among them.

    def _nodes(self, top: bool = False) -> tuple[list[Node], str]:
        """Return nodes, and the ``end`` or ``else`` that stopped them."""
        found: list[Node] = []
        while True:
            token = self._take()
            if token.kind == "end":
                if not top:
                    raise self._error("unexpected EOF")
                return found, ""
            if token.kind == "text":
                found.append(Text(token.position, token.text))
                continue
            first = self._skip_space()
            if first.kind == "name" and first.text in ("end", "else"):
                self._take()
                return found, first.text
            if first.kind == "comment":
                self._take()
                self._take()
                continue
            found.append(self._action(token))

    def _action(self, left: Token) -> Node:
        first = self._peek()
        if first.kind == "name" and first.text in _BRANCHES:
            self._take()
            return self._branch(first.text, first.position)
        if first.kind == "name" and first.text in _JUMPS:
            return self._jump(self._take())
        if first.kind == "name" and first.text in _DEFINITIONS:
            raise self._error(f"{{{{{first.text}}}}} has no place in a format")
        return Action(first.position, self._pipe("command", "right"))

    def _jump(self, token: Token) -> Node:
        if not self._loops:
            raise self._error(f"{{{{{token.text}}}}} outside {{{{range}}}}")
        if self._skip_space().kind != "right":
            raise self._error(f"unexpected {self._shown()} in {{{{{token.text}}}}}")
        self._take()
        return Jump(token.position, token.text)

    def _branch(self, kind: str, position: int) -> Branch:
        known = len(self._variables)
        branch = Branch(position, kind, self._pipe(kind, "right"))
        self._loops += kind == "range"
        branch.body, stop = self._nodes()
        self._loops -= kind == "range"
        if stop == "else":
            branch.otherwise = self._otherwise(kind)
        else:
            self._end(stop)
        del self._variables[known:]
        return branch

    def _otherwise(self, kind: str) -> list[Node]:
        following = self._skip_space()
        if following.kind == "name" and following.text == kind != "range":
            self._take()
            return [self._branch(kind, following.position)]
        self._end("else")
        nodes, stop = self._nodes()
        if stop == "else":
            raise self._error("expected end; found {{else}}")
        self._end(stop)
        return nodes

    def _end(self, word: str) -> None:
        if self._skip_space().kind != "right":
            raise self._error(f"unexpected {self._shown()} in {word}")
        self._take()

    # Pipelines.

    def _pipe(self, context: str, closing: str) -> Pipe:
        pipe = Pipe(self._skip_space().position)
        self._declarations(pipe, context)
        while True:
            token = self._skip_space()
            if token.kind == closing:
                self._take()
                self._check_pipe(pipe, context)
                return pipe
            if token.kind == "end":
                raise self._error("unclosed action")
            if token.kind in ("right", ")", "|", ",", "=", "declare"):
                raise self._error(f"unexpected {self._shown()} in {context}")
            pipe.commands.append(self._command())

    def _check_pipe(self, pipe: Pipe, context: str) -> None:
        if not pipe.commands:
            raise self._error(f"missing value for {context}")
        for number, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.arguments[0], (Literal, Dot)):
                raise self._error(f"non executable command in pipeline stage {number}")

    def _declarations(self, pipe: Pipe, context: str) -> None:
        start = self._next
        names = []
        while self._peek().kind == "variable":
            names.append(self._take().text)
            sign = self._skip_space()
            if sign.kind == "," and context == "range" and len(names) == 1:
                self._take()
                self._skip_space()
                continue
            if sign.kind in ("declare", "="):
                self._take()
                pipe.assigns = sign.kind == "="
                pipe.names = names
                if not pipe.assigns:
                    self._variables += names
                return
            break
        self._next = start

    def _command(self) -> Command:
        command = Command(self._skip_space().position)
        while True:
            operand = self._operand()
            if operand is not None:
                command.arguments.append(operand)
            token = self._peek()
            if token.kind == "space":
                self._skip_space()
                if self._peek().kind not in ("right", ")", "|"):
                    continue
            if self._peek().kind == "|":
                self._take()
            elif self._peek().kind not in ("right", ")"):
                raise self._error(f"unexpected {self._shown()} in operand")
            break
        if not command.arguments:
            raise self._error("empty command")
        return command

    def _operand(self) -> Node | None:
        node = self._term()
        if node is None or self._peek().kind != "field":
            return node
        position = self._peek().position
        names = []
        while self._peek().kind == "field":
            names.append(self._take().text[1:])
        if isinstance(node, Field):
            return Field(position, node.names + names)
        if isinstance(node, Variable):
            return Variable(position, node.name, node.names + names)
        if isinstance(node, (Literal, Dot)):
            raise self._error(f"unexpected . after term {go_quote(str(node))}")
        return Chain(position, node, names)

    def _term(self) -> Node | None:
        token = self._peek()
        reader = getattr(self, f"_read_{_READERS.get(token.kind, 'none')}")
        node: Node | None = reader(token)
        return node

    def _read_none(self, token: Token) -> None:
        return None

    def _read_name(self, token: Token) -> Node:
        self._take()
        if token.text in _CONSTANTS:
            return Literal(token.position, token.text, _CONSTANTS[token.text])
        if token.text not in FUNCTIONS:
            raise self._error(f"function {go_quote(token.text)} not defined")
        return Function(token.position, token.text)

    def _read_dot(self, token: Token) -> Node:
        return Dot(self._take().position)

    def _read_field(self, token: Token) -> Node:
        self._take()
        return Field(token.position, [token.text[1:]])

    def _read_variable(self, token: Token) -> Node:
        self._take()
        if token.text not in self._variables:
            raise self._error(f"undefined variable {go_quote(token.text)}")
        return Variable(token.position, token.text)

    def _read_literal(self, token: Token) -> Node:
        self._take()
        text = token.text
        if token.kind == "string" and text.startswith("`"):
            return Literal(token.position, text, text[1:-1].replace("\r", ""))
        try:
            value = ast.literal_eval(text.replace("\\`", "`"))
        except (ValueError, SyntaxError):
            raise self._error(_bad_literal(token)) from None
        return Literal(
            token.position, text, ord(value) if token.kind == "char" else value
        )

    def _read_group(self, token: Token) -> Node:
        self._take()
        return self._pipe("parenthesized pipeline", ")")

    def _shown(self) -> str:
        """Return the next token as Go shows it in messages."""
        token = self._peek()
        if token.kind in ("name", "field", "variable") or len(token.text) <= 10:
            named = token.kind == "name" and token.text in (*_BRANCHES, "end", "else")
            return f"<{token.text}>" if named else go_quote(token.text)
        return f"{go_quote(token.text[:10])}..."


_READERS = {
    "name": "name",
    "dot": "dot",
    "field": "field",
    "variable": "variable",
    "number": "literal",
    "string": "literal",
    "char": "literal",
    "(": "group",
}


def _bad_literal(token: Token) -> str:
    if token.kind == "number":
        return f"illegal number syntax: {go_quote(token.text)}"
    return "invalid syntax"
