"""Words as the shell would read them: quotes, escapes, ``$V`` and ``${V...}``.

After the shell's rules as far as a Dockerfile has them. ``substitute`` knows what a
``${...}`` means; this module finds it, takes quotes away and splits at blanks.

Two results come out of one walk: the word with its blanks kept, and the list of words
that it falls into. What a variable brings is split at its blanks, what is quoted isn't.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from labkit.base.go_text import go_quote
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.spaces import is_space
from labkit.dockerfile.substitute import Modifier, remove_prefix, remove_suffix, replace

_SPECIAL = "@*#?-$!0"
_PATTERNS = "#%"

MOST_CHARS = 1 << 20
"""What one text may become: eight times as much as the kernel takes for a variable.

Forty lines of ``ARG B=$A$A$A$A`` would else fill any memory.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """How to read: what escapes, and what is left standing as it is written."""

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    literal_quotes: bool = False
    skip_unset: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a text became, and which variables it named: those set, those not."""

    text: str
    words: tuple[str, ...]
    matched: frozenset[str]
    unmatched: frozenset[str]


def lex(text: str, variables: Mapping[str, str], rules: Rules) -> Expansion:
    """Expand a text.

    Raises:
        Fault: a quote or brace isn't closed, or a substitution makes no sense.
    """
    reader = _Reader(text, variables, rules)
    try:
        result, words = reader.read("", rules.raw_escapes)
    except Fault as fault:
        raise Fault(f"failed to process {go_quote(text)}: {fault}") from fault
    except RecursionError as error:
        raise Fault("failed to process a text of too many nested braces") from error
    return Expansion(
        result, tuple(words), frozenset(reader.matched), frozenset(reader.unmatched)
    )


@dataclass(slots=True)
class _Words:
    """The list of words, while it grows."""

    done: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        for char in text:
            if not is_space(char):
                self.now.append(char)
            else:
                self.end()

    def add_raw(self, text: str) -> None:
        self.now.append(text)

    def end(self) -> None:
        if word := "".join(self.now):
            self.done.append(word)
            self.now.clear()


class _Reader:
    """A walk through one text."""

    def __init__(self, text: str, variables: Mapping[str, str], rules: Rules) -> None:
        self._text = text
        self._at = 0
        self._brought = 0
        self._variables = variables
        self._rules = rules
        self._raw_escapes = rules.raw_escapes
        self.matched: set[str] = set()
        self.unmatched: set[str] = set()
        self._special: dict[str, Callable[[], str]] = {
            "$": self._dollar,
            "<": self._heredoc,
        }
        if not rules.literal_quotes:
            self._special |= {"'": self._single_quote, '"': self._double_quote}

    def read(self, stop: str, raw_escapes: bool) -> tuple[str, list[str]]:
        """Read up to a stop character, or all; the stop is taken too."""
        before, self._raw_escapes = self._raw_escapes, raw_escapes
        result: list[str] = []
        words = _Words()
        while char := self._peek():
            if stop and char == stop:
                self._at += 1
                break
            if special := self._special.get(char):
                found = special()
                (words.add if char == "$" else words.add_raw)(found)
                result.append(found)
            elif char == self._rules.escape:
                found = self._escaped()
                words.add_raw(found)
                result.append(found)
            else:
                self._at += 1
                words.add(char)
                result.append(char)
        else:
            if stop:
                raise Fault(
                    f"unexpected end of statement while looking for matching {stop}"
                )
        words.end()
        self._raw_escapes = before
        return "".join(result), words.done

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += 1
        return char

    def _escaped(self) -> str:
        """Read what an escape stands before; at the end it stands for nothing."""
        escape = self._next() if self._raw_escapes else self._next() and ""
        return escape + self._next()

    def _single_quote(self) -> str:
        start = self._at
        end = self._text.find("'", start + 1)
        if end < 0:
            raise Fault(
                "unexpected end of statement while looking for matching single-quote"
            )
        self._at = end + 1
        inner = self._text[start + 1 : end]
        return f"'{inner}'" if self._rules.raw_quotes else inner

    def _double_quote(self) -> str:
        quote = self._next() if self._rules.raw_quotes else self._next() and ""
        result = [quote]
        while char := self._peek():
            if char == '"':
                self._at += 1
                return "".join(result) + quote
            result.append(self._dollar() if char == "$" else self._quoted_character())
        raise Fault(
            "unexpected end of statement while looking for matching double-quote"
        )

    def _quoted_character(self) -> str:
        char = self._next()
        if char != self._rules.escape:
            return char
        kept = char if self._raw_escapes else ""
        after = self._peek()
        if not after:
            return kept
        # Only these can be escaped between double quotes: any other keeps both.
        if after in ('"', "$", self._rules.escape):
            return kept + self._next()
        return kept + char

    def _heredoc(self) -> str:
        self._at += 1
        if self._peek() != "<":
            return "<"
        start = self._at
        self._at += 1
        while self._peek() and self._peek() in "\t\r ":
            self._at += 1
        return "<" + self._text[start : self._at]

    def _dollar(self) -> str:
        self._at += 1
        if self._peek() == "{":
            self._at += 1
            return self._braces()
        name = self._name()
        if not name:
            return "$"
        value = self._get(name)
        if value is None:
            return f"${name}" if self._rules.skip_unset else ""
        return value

    def _braces(self) -> str:
        first = self._peek()
        if not first:
            raise Fault("syntax error: missing '}'")
        if first in "{}:":
            raise Fault("syntax error: bad substitution")
        name = self._name()
        sign = self._next()
        if sign == "}":
            value = self._get(name)
            if value is None:
                return f"${{{name}}}" if self._rules.skip_unset else ""
            return value
        if sign == "/":
            return self._replacement(name)
        colon = ""
        if sign == ":":
            colon, sign = sign, self._next()
        if not sign or sign not in "+-?#%" or (colon and sign in _PATTERNS):
            raise Fault(f"unsupported modifier ({colon}{sign}) in substitution")
        return self._modified(name, colon, sign)

    def _modified(self, name: str, colon: str, sign: str) -> str:
        word = self._until("}", sign in _PATTERNS, "syntax error: missing '}'")
        value = self._get(name)
        if value is None and self._rules.skip_unset:
            return f"${{{name}{colon}{sign}{word}}}"
        if sign == "#":
            return remove_prefix(value or "", word)
        if sign == "%":
            return remove_suffix(value or "", word)
        return Modifier(name, sign, bool(colon), word).apply(value)

    def _replacement(self, name: str) -> str:
        everywhere = self._peek() == "/"
        self._at += everywhere
        pattern = self._until("/", True, "syntax error: missing '/' in ${}")
        with_ = self._until("}", True, "syntax error: missing '}'")
        value = self._get(name)
        if value is None and self._rules.skip_unset:
            return f"${{{name}/{pattern}/{with_}}}"
        return replace(value or "", pattern, with_, everywhere)

    def _until(self, stop: str, raw_escapes: bool, missing: str) -> str:
        try:
            return self.read(stop, raw_escapes)[0]
        except Fault as fault:
            if not self._peek():
                raise Fault(missing) from fault
            raise

    def _name(self) -> str:
        """Read a name; a number or one of the shell's own signs is one, too."""
        start, first = self._at, self._peek()
        if first.isdecimal():
            while self._peek().isdecimal():
                self._at += 1
        elif first and first in _SPECIAL:
            self._at += 1
        else:
            while (char := self._peek()).isalpha() or char.isdecimal() or char == "_":
                self._at += 1
        return self._text[start : self._at]

    def _get(self, name: str) -> str | None:
        value = self._variables.get(name)
        (self.unmatched if value is None else self.matched).add(name)
        self._brought += len(value or "")
        if self._brought > MOST_CHARS:
            raise Fault(f"its variables bring more than {MOST_CHARS} characters")
        return value
