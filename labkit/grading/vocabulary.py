"""The page of the vocabulary, ``docs/checks.md``: every word that a check can use.

It is generated from the families' own parameters (``python -m
labkit.grading.vocabulary``), and a test refuses drift between the two.
"""

import inspect
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from labkit.grading.checks.model import Family
from labkit.grading.checks.table import FAMILIES
from labkit.grading.document import CheckHead

_HEAD = """\
# Checks

<!-- python -m labkit.grading.vocabulary > docs/checks.md -->

What an exercise can ask of the world. A check has a head and one word of this page;
what stands beneath it says what is expected, and nothing else is looked at. A step of
a chapter uses the same words after `:expect:`; `exercises/schema.json` tells the same
to an editor.

```yaml
checks:
  - id: web
    title: Container ${web} runs from nginx
    points: 2
    container: {name: "${web}", image: nginx}
```
"""


def vocabulary_page() -> str:
    """Return the page as it is written to ``docs/checks.md``."""
    parts = [_HEAD, "## The head\n", *_table(CheckHead.model_fields)]
    parts += ["## The words\n", ", ".join(f"[`{w}`](#{w})" for w in FAMILIES) + ".\n"]
    for family in FAMILIES.values():
        parts += _section(family)
    return "\n".join(parts)


def _section(family: Family) -> Iterator[str]:
    yield f"### {family.word}\n"
    yield f"{inspect.cleandoc(family.params.__doc__ or '')}\n"
    yield from _table(family.params.model_fields)


def _table(fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield "| key | value | unless given | |"
    yield "|---|---|---|---|"
    for name, field in fields.items():
        cells = (
            f"`{field.alias or name}`",
            _escape(_spell_type(field.annotation)),
            "required" if field.is_required() else _spell_default(field.default),
            _escape(field.description or ""),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _spell_type(kind: Any) -> str:
    """Spell a type as an author thinks of it."""
    if isinstance(kind, type) and kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _spell_type(inner[0])
    if origin is typing.Literal:
        return " or ".join(f"`{item}`" for item in inner)
    if origin in (typing.Union, types.UnionType):
        return _spell_type(next(item for item in inner if item is not types.NoneType))
    if origin is dict:
        return f"mapping to {_spell_type(inner[1])}"
    assert origin is tuple, kind  # there is no other kind of parameter
    if inner[-1] is Ellipsis:
        return f"list of {_spell_type(inner[0])}"
    return f"list of {len(inner)}"


_PLAIN: dict[type, str] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "true or false",
}


def _spell_default(value: object) -> str:
    if value is None or value in ({}, ()):
        return "-"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(vocabulary_page())
