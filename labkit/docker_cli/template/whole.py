"""A template over one whole answer: ``version``, ``info``, ``events``."""

from __future__ import annotations

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.template.execute import TemplateError, execute
from labkit.docker_cli.template.inspecting import named, typed
from labkit.docker_cli.template.lexer import TemplateSyntaxError
from labkit.docker_cli.template.parser import parse_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_BAD_TEMPLATE = 64


def fill(layout: str, value: Json, type_name: str, template: str = "") -> str:
    """Fill a template over a value of a Go type; templates may have a name.

    Raises:
        CliError: it is none (exit code 64), or asks for what there is not.
    """
    try:
        nodes = parse_template(layout, template)
    except TemplateSyntaxError as error:
        raise CliError(f"template parsing error: {error}", _BAD_TEMPLATE) from None
    try:
        return execute(nodes, layout, named(typed(value, ""), type_name))
    except TemplateError as error:
        said = str(error)
        if template:
            said = said.replace("template: :", f"template: {template}:", 1)
            said = said.replace('executing ""', f'executing "{template}"', 1)
        raise CliError(said) from None
