"""Here-documents: ``RUN <<EOF``, ``COPY <<"a.txt" <<-b.txt /dest/``."""

import re

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.lexer import Rules, lex
from labkit.dockerfile.node import Heredoc

_HEREDOC = re.compile(r"(\d*)<<(-?)\s*([^<]*)\Z")
_AS_WRITTEN = Rules(raw_quotes=True, raw_escapes=True, skip_unset=True)
_QUOTED = Rules(raw_quotes=True, skip_unset=True)
_UNQUOTED = Rules(skip_unset=True)


def parse_heredoc(word: str) -> Heredoc | None:
    """Read a word as the start of a here-document; None if it is none."""
    match = _HEREDOC.match(word)
    if match is None or not match[3]:
        return None
    try:
        names = lex(match[3], {}, _UNQUOTED).words
        quoted = lex(match[3], {}, _QUOTED).words
    except Fault:
        return None
    if len(names) != 1 or len(quoted) != 1:
        return None
    return Heredoc(
        name=names[0],
        # Fewer quotes once they are taken away: some part of the name was quoted.
        expand=_count_quotes(names[0]) == _count_quotes(quoted[0]),
        chomp=match[2] == "-",
        descriptor=int(match[1] or 0) if len(match[1]) < 10 else 0,
    )


def find_heredocs(line: str) -> tuple[Heredoc, ...]:
    """Return the here-documents that an instruction opens, in their order."""
    try:
        words = lex(line, {}, _AS_WRITTEN).words
    except Fault:  # the shell will say what is wrong with these quotes
        return ()
    found = (parse_heredoc(word) for word in words if "<<" in word)
    return tuple(one for one in found if one is not None)


def _count_quotes(text: str) -> int:
    return text.count("'") + text.count('"')
