"""Templates in listings: ``--format '{{.Names}}'`` and ``--format 'table ...'``."""

from __future__ import annotations

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.tables import Heads, align
from labkit.docker_cli.template.execute import TemplateError, execute
from labkit.docker_cli.template.lexer import TemplateSyntaxError
from labkit.docker_cli.template.nodes import (
    Action,
    Command,
    Field,
    Function,
    Node,
    Pipe,
)
from labkit.docker_cli.template.parser import parse_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from labkit.docker_cli.tables import Row, Subject

_TABLE = "table"
_UNTOUCHED = ("json", "split", "join", "title", "lower", "upper", "truncate")
"""Functions that leave a column's head as it is."""


def render_template(subject: Subject, rows: Sequence[Row], layout: str) -> str:
    """Return a listing as a format asks.

    Raises:
        CliError: the format is no template, or asks for what there is not.
    """
    table = layout.startswith(_TABLE)
    source = prepare(layout.removeprefix(_TABLE) if table else layout)
    try:
        nodes = parse_template(source)
        text = "".join(execute(nodes, source, row) + "\n" for row in rows)
    except (TemplateError, TemplateSyntaxError) as error:
        raise CliError(f"template parsing error: {error}") from None
    if not table:
        return text
    return align(_head(subject, nodes, source) + "\n" + text)


def prepare(layout: str) -> str:
    """Return a format with its ``\\t`` and ``\\n`` as what they stand for."""
    return layout.strip(" ").replace("\\t", "\t").replace("\\n", "\n")


def _head(subject: Subject, nodes: Sequence[Node], source: str) -> str:
    try:
        return execute([_bare(node) for node in nodes], source, Heads(subject))
    except TemplateError:
        return ""


def _bare(node: Node) -> Node:
    """Return a node without the functions that must leave a head as it is."""
    if not isinstance(node, Action):
        return node
    pipe = Pipe(node.pipe.position)
    pipe.names, pipe.assigns = node.pipe.names, node.pipe.assigns
    pipe.commands = [_bare_command(command) for command in node.pipe.commands]
    kept = [command for command in pipe.commands if command.arguments]
    pipe.commands = kept or node.pipe.commands
    return Action(node.position, pipe)


def _bare_command(command: Command) -> Command:
    first = command.arguments[0]
    if not isinstance(first, Function) or first.name not in _UNTOUCHED:
        return command
    bare = Command(command.position)
    bare.arguments = [a for a in command.arguments[1:] if isinstance(a, (Field, Pipe))]
    return bare


class _Blank:
    """A row of nothing, which remembers what was asked of it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.used: set[str] = set()

    def get(self, name: str) -> str:
        self.used.add(name)
        return ""

    def call(self, name: str, argument: str) -> str:
        return ""


def checked_fields(subject: Subject, layout: str) -> set[str]:
    """Return the fields that a format uses, once it is known to be a good one.

    Raises:
        CliError: it is no template, or asks for what there is not.
    """
    source = layout
    blank = _Blank(subject)
    try:
        execute(parse_template(source), source, blank)
    except TemplateSyntaxError as error:
        raise CliError(f"failed to parse template: {error}") from None
    except TemplateError as error:
        raise CliError(f"failed to execute template: {error}") from None
    return blank.used
