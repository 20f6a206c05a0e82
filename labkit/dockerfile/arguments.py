"""The arguments of an instruction, each keyword by its own grammar.

A grammar is one function from the text behind the flags to ``Arguments``; the table at
the end says whose is which. A keyword that isn't there is left to ``interpret``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from labkit.base.go_text import go_quote
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.spaces import BLANKS, SPACES, is_space
from labkit.dockerfile.words import split_words


@dataclass(frozen=True, slots=True)
class Arguments:
    words: tuple[str, ...] = ()
    is_json: bool = False


Grammar = Callable[[str, str, str], Arguments]


def parse_arguments(name: str, text: str, escape: str) -> Arguments:
    """Split the arguments of an instruction.

    Raises:
        Fault: they can't be split.
    """
    grammar = GRAMMARS.get(name)
    return grammar(name, text, escape) if grammar and text else Arguments()


def parse_json(text: str) -> Arguments | None:
    """Read a JSON list of texts; None if this is no JSON list.

    Raises:
        Fault: it is one, but not all of it is text.
    """
    trimmed = text.lstrip(SPACES)
    if not trimmed.startswith("["):
        return None
    try:
        found = json.loads(trimmed, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(one, str) for one in found):
        raise Fault(
            "when using JSON array syntax, arrays must be comprised of strings only"
        )
    # Half of a surrogate pair is no text: Go puts the replacement character there.
    words = (one.encode("utf-16", "surrogatepass") for one in found)
    return Arguments(tuple(word.decode("utf-16", "replace") for word in words), True)


def _whole(_name: str, text: str, _escape: str) -> Arguments:
    return Arguments((text,))


def _json_or_whole(name: str, text: str, escape: str) -> Arguments:
    return parse_json(text) or _whole(name, text, escape)


def _blank_separated(_name: str, text: str, _escape: str) -> Arguments:
    return Arguments(tuple(BLANKS.split(text)))


def _json_or_list(name: str, text: str, escape: str) -> Arguments:
    return parse_json(text) or _blank_separated(name, text, escape)


def _quoted_words(_name: str, text: str, escape: str) -> Arguments:
    return Arguments(tuple(split_words(text, escape)))


def _pairs(name: str, text: str, escape: str) -> Arguments:
    """Read ``a=b c="d e"``, or the old ``a b c`` that sets one name."""
    words = split_words(text, escape)
    if not words:
        return Arguments()
    if "=" not in words[0]:
        key, *value = BLANKS.split(text, maxsplit=1)
        if not value:
            raise Fault(f"{name} must have two arguments")
        return Arguments((key, value[0], ""))
    triples: list[str] = []
    for word in words:
        key, equals, value_text = word.partition("=")
        if not equals:
            raise Fault(
                f"Syntax error - can't find = in {go_quote(word)}. "
                "Must be of the form: name=value"
            )
        triples += (key, value_text, equals)
    return Arguments(tuple(triples))


def _health(name: str, text: str, escape: str) -> Arguments:
    """Read the kind of check, then its command."""
    end = next((at for at, char in enumerate(text) if is_space(char)), len(text))
    command = text[end:].lstrip(SPACES)
    rest = _json_or_whole(name, command, escape) if command else Arguments()
    return Arguments((text[:end], *rest.words), rest.is_json)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is Python's, not JSON's")


GRAMMARS: dict[str, Grammar] = {
    "ADD": _json_or_list,
    "ARG": _quoted_words,
    "CMD": _json_or_whole,
    "COPY": _json_or_list,
    "ENTRYPOINT": _json_or_whole,
    "ENV": _pairs,
    "EXPOSE": _blank_separated,
    "FROM": _blank_separated,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _whole,
    "RUN": _json_or_whole,
    "SHELL": _json_or_whole,
    "STOPSIGNAL": _whole,
    "USER": _whole,
    "VOLUME": _json_or_list,
    "WORKDIR": _whole,
}
