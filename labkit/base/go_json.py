"""What Go's JSON parser says of a text that is none: Docker's users read its words."""

import json

_WHERE = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": (
        "looking for beginning of object key string"
    ),
    "Illegal trailing comma before end of object": (
        "looking for beginning of object key string"
    ),
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after array element or object key:value pair",
}


def explain(error: json.JSONDecodeError) -> str:
    """Return an error of Python's parser as Go's would say it."""
    if error.msg == "Extra data":
        return "unexpected content after JSON"
    if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated"):
        return "unexpected EOF"
    where = _WHERE.get(error.msg, f"({error.msg})")
    return f"invalid character {_quoted(error.doc[error.pos])} {where}"


def problem_of(text: str) -> str:
    """Return what is wrong with a text, or nothing."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return explain(error)
    return ""


def _quoted(letter: str) -> str:
    return f"'{letter}'" if letter != "'" else r"'\''"
