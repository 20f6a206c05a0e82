"""Phase 1: a template's text to tokens, with Go's rules for blanks and quotes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, RIGHT = "{{", "}}"
_BLANK = " \t\r\n"
_COMMENT_END = "*/"
_SIGNS = {"(": "(", ")": ")", "|": "|", ",": ",", "=": "="}


class TemplateSyntaxError(Exception):
    """The text is no template; the message is Go's, with its place."""


class Token:
    """A kind, its text, and where it begins.

    Kinds: ``text``, ``left``, ``right``, ``space``, ``field``, ``variable``, ``name``,
    ``number``, ``string``, ``char``, ``dot``, ``declare`` and the signs themselves.
    """

    __slots__ = ("kind", "position", "text")

    def __init__(self, kind: str, text: str, position: int) -> None:
        self.kind = kind
        self.text = text
        self.position = position


def syntax_error(source: str, position: int, problem: str) -> TemplateSyntaxError:
    """Return the error with the line that Go names."""
    line = 1 + source.count("\n", 0, position)
    return TemplateSyntaxError(f"template: :{line}: {problem}")


def tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of a text.

    Raises:
        TemplateSyntaxError: it can't be one.
    """
    position = 0
    trim = False
    while True:
        start = source.find(LEFT, position)
        text = source[position:] if start < 0 else source[position:start]
        if trim:
            stripped = text.lstrip(_BLANK)
            position += len(text) - len(stripped)
            text = stripped
        if (
            start >= 0
            and source[start + 2 : start + 3] == "-"
            and _blank(source, start + 3)
        ):
            text = text.rstrip(_BLANK)
        if text:
            yield Token("text", text, position)
        if start < 0:
            return
        yield from _action(source, start)
        position, trim = _action_end(source, start)


def _blank(source: str, position: int) -> bool:
    return source[position : position + 1] in tuple(_BLANK)


def _begin(source: str, start: int) -> int:
    position = start + 2
    trimmed = source[position : position + 1] == "-" and _blank(source, position + 1)
    return position + 2 if trimmed else position


def _action_end(source: str, start: int) -> tuple[int, bool]:
    end = _close(source, start)
    return end + 2, source[end - 1] == "-" and _blank(source, end - 2)


def _close(source: str, start: int) -> int:
    """Return where the action's ``}}`` is."""
    position = _begin(source, start)
    if source.startswith("/*", position):
        end = source.find(_COMMENT_END, position)
        if end < 0:
            raise syntax_error(source, start, "unclosed comment")
        position = end + 2
    while not source.startswith(RIGHT, position):
        if position >= len(source):
            raise syntax_error(source, start, "unclosed action")
        letter = source[position]
        if letter in "\"'`":
            position = _string_end(source, position)
        else:
            position += 1
    return position


def _string_end(source: str, position: int) -> int:
    quote = source[position]
    end = position + 1
    while end < len(source):
        letter = source[end]
        if letter == "\\" and quote != "`":
            end += 2
            continue
        if letter == quote:
            return end + 1
        if letter == "\n" and quote != "`":
            break
        end += 1
    kind = {"`": "raw quoted string", "'": "character constant"}.get(
        quote, "quoted string"
    )
    raise syntax_error(source, position, f"unterminated {kind}")


def _action(source: str, start: int) -> Iterator[Token]:
    yield Token("left", LEFT, start)
    end = _close(source, start)
    position = _begin(source, start)
    stop = end - 1 if _action_end(source, start)[1] else end
    if source.startswith("/*", position):
        yield Token("comment", "", position)
        yield Token("right", RIGHT, end)
        return
    while position < stop:
        token = _token(source, position, stop)
        yield token
        position += len(token.text)
    yield Token("right", RIGHT, end)


def _token(source: str, position: int, stop: int) -> Token:
    letter = source[position]
    if letter in _BLANK:
        return Token(
            "space", _run(source, position, stop, _BLANK.__contains__), position
        )
    if letter in '"`':
        return Token(
            "string", source[position : _string_end(source, position)], position
        )
    if letter == "'":
        return Token("char", source[position : _string_end(source, position)], position)
    if source.startswith(":=", position):
        return Token("declare", ":=", position)
    if letter in _SIGNS:
        return Token(_SIGNS[letter], letter, position)
    if letter == "." and not source[position + 1 : position + 2].isdigit():
        name = _run(source, position + 1, stop, _in_name)
        return Token("field" if name else "dot", "." + name, position)
    if letter == "$":
        name = _run(source, position + 1, stop, _in_name)
        return Token("variable", "$" + name, position)
    if letter in "+-." or letter.isdigit():
        return _number(source, position, stop)
    if _in_name(letter):
        name = _run(source, position, stop, _in_name)
        return Token("name", name, position)
    raise syntax_error(
        source,
        position,
        f"unexpected bad character U+{ord(letter):04X} '{letter}' in command"
        if letter in "}{?"
        else f"unexpected {_quoted(letter)} in command",
    )


def _quoted(letter: str) -> str:
    return f"bad character U+{ord(letter):04X} '{letter}'"


def _number(source: str, position: int, stop: int) -> Token:
    text = source[position] + _run(source, position + 1, stop, _in_number)
    if not any(letter.isdigit() for letter in text):
        raise syntax_error(source, position, f'bad number syntax: "{text}"')
    return Token("number", text, position)


def _in_name(letter: str) -> bool:
    return letter == "_" or letter.isalnum()


def _in_number(letter: str) -> bool:
    return letter in "._" or letter.isalnum()


def _run(source: str, start: int, stop: int, wanted: object) -> str:
    assert callable(wanted)
    end = start
    while end < stop and wanted(source[end]):
        end += 1
    return source[start:end]
