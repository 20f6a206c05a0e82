"""Texts as Go shows and reads them: in quotes (``%q``), in which Docker names what was
typed, and as truth values."""

from __future__ import annotations

TRUTHS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}
"""What Go reads as a truth value (strconv.ParseBool)."""

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_FIRST_SURROGATE, _LAST_SURROGATE = 0xDC80, 0xDCFF
"""What Python makes of bytes that are no UTF-8: Go shows the bytes."""


def go_quote(text: str) -> str:
    """Return a text in quotes; what can't be seen is written as an escape."""
    return '"' + "".join(_shown(letter) for letter in text) + '"'


def go_quote_list(texts: tuple[str, ...] | list[str]) -> str:
    """Return a list of texts as Go shows one: ``["a" "b"]``."""
    return "[" + " ".join(go_quote(text) for text in texts) + "]"


def _shown(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x80:
        return f"\\x{code:02x}"
    if _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
