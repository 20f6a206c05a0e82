"""The book's Markdown as HTML, for its pages and for what a notebook shows.

Code and tables may be wider than a phone, so they scroll by themselves; what scrolls
must be reached by keyboard, too, hence their ``tabindex``.
"""

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.anchors import anchors_plugin


def heading_anchor(title: str) -> str:
    """Return the name by which a link finds a heading."""
    plain = re.sub(r"[`*_]", "", title).strip().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def render_markdown(text: str) -> str:
    """Render a piece of the book's Markdown."""
    return str(_parser().render(text))


def render_foreign_markdown(text: str) -> str:
    """Render Markdown that may carry what others chose: HTML in it is text."""
    return str(MarkdownIt("commonmark", {"html": False}).render(text))


def parse_markdown(text: str) -> list[Token]:
    """Return the tokens of a piece of the book's Markdown."""
    return _parser().parse(text)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.use(anchors_plugin, max_level=4, slug_func=heading_anchor)
    parser.add_render_rule("fence", _render_code)
    parser.add_render_rule("code_block", _render_code)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


def _render_code(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    is_fence = tokens[index].type == "fence"
    render = renderer.fence if is_fence else renderer.code_block
    code = render(tokens, index, options, env)
    return code.replace("<pre>", "<pre tabindex='0'>", 1)


def _open_table(*_: object) -> str:
    return "<div class='wide' role='group' aria-label='Table' tabindex='0'>\n<table>\n"


def _close_table(*_: object) -> str:
    return "</table>\n</div>\n"
