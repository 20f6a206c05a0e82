"""Splitting an instruction: keyword, flags, and words that keep their quotes."""

from labkit.dockerfile.spaces import BLANKS, SPACES, is_space

_QUOTES = ("'", '"')


def split_instruction(line: str, escape: str) -> tuple[str, tuple[str, ...], str]:
    """Return the keyword, the flags and the rest of an instruction."""
    keyword, *rest = BLANKS.split(line.strip(SPACES), maxsplit=1)
    if not rest:
        return keyword, (), ""
    flags, arguments = _split_flags(rest[0], escape)
    return keyword, flags, arguments.strip(SPACES)


def split_words(text: str, escape: str) -> list[str]:
    """Split at blanks outside quotes; quotes and escapes stay in the words."""
    words: list[str] = []
    at = 0
    while (at := _skip_spaces(text, at)) < len(text):
        start, at = at, _end_of_word(text, at, escape)
        word = text[start:at]
        # An escape that ends the line escapes nothing.
        words.append(word[:-1] if _ends_in_escape(word, escape) else word)
    return [word for word in words if word]


def _split_flags(text: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Take the words that start with ``--`` off the front; a bare ``--`` ends them."""
    flags: list[str] = []
    at = 0
    while (at := _skip_spaces(text, at)) < len(text):
        if not text.startswith("--", at):
            return tuple(flags), text[at:]
        start, at = at, _end_of_word(text, at, escape, single_quotes_escape=True)
        flag = _unquote(text[start:at], escape)
        if flag == "--":
            return tuple(flags), text[at:]
        flags.append(flag)
    return tuple(flags), ""


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and is_space(text[at]):
        at += 1
    return at


def _end_of_word(
    text: str, at: int, escape: str, *, single_quotes_escape: bool = False
) -> int:
    """Return where the word ends: at the first blank that no quotes hold."""
    quote = ""
    while at < len(text):
        char = text[at]
        if char == escape and (quote != "'" or single_quotes_escape):
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif is_space(char):
            break
        at += 1
    return min(at, len(text))


def _ends_in_escape(word: str, escape: str) -> bool:
    """Is the last character an escape that isn't escaped or quoted itself?"""
    if not word.endswith(escape):
        return False
    quote, at = "", 0
    while at < len(word):
        char = word[at]
        if char == escape and quote != "'":
            if at == len(word) - 1:
                return True
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        at += 1
    return False


def _unquote(word: str, escape: str) -> str:
    result: list[str] = []
    quote = ""
    chars = iter(word)
    for char in chars:
        if char == escape:
            result.append(next(chars, ""))
        elif quote or char not in _QUOTES:
            if char == quote:
                quote = ""
            else:
                result.append(char)
        else:
            quote = char
    return "".join(result)
