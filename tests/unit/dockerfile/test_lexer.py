"""Quotes, escapes and variables, as the shell reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.lexer import MOST_CHARS, Rules, lex

ENV = {
    "PWD": "/home",
    "SHELL": "bash",
    "EMPTY": "",
    "TWO": "a  b",
    "X_1": "x",
    "ü": "u",
}


PLAIN = Rules()


def text(word: str, rules: Rules = PLAIN) -> str:
    return lex(word, ENV, rules).text


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hello", "hello"),
        ("he'll'o", "hello"),
        ('he"ll"o', "hello"),
        ("he\\'llo", "he'llo"),
        ("he\\\\'llo'", "he\\llo"),
        ("abc\\", "abc"),
        ("'abc\\'", "abc\\"),
        ('"a\\"b\\$c\\\\d\\e"', 'a"b$c\\d\\e'),
        ('"$PWD/x"', "/home/x"),
        ("'$PWD'", "$PWD"),
        ("\\$PWD", "$PWD"),
        ("$PWD-$NONE-${SHELL}", "/home--bash"),
        ("${X_1}$ü", "xu"),
        ("$", "$"),
        ("a$ b", "a$ b"),
        ("$1x$@", "x"),
        ("$PWD.x", "/home.x"),
        ("${NONE:-$SHELL}", "bash"),
        ("${NONE:-a b}", "a b"),
        ("${NONE-'}'}", "}"),
        ("${EMPTY:-x}${EMPTY-x}", "x"),
        ("${PWD:+${SHELL:+y}}", "y"),
        ("${PWD:?no}", "/home"),
        ("${PWD#/h}${PWD%o*}", "ome/h"),
        ("${PWD/o/0}${PWD//[/]/x}", "/h0me/home"),
        ("${PWD/\\//-}", "-home"),
        ("${PWD%%/*}", ""),
        ("<<EOF", "<<EOF"),
        ("a < b", "a < b"),
    ],
)
def test_expands(word: str, expected: str) -> None:
    assert text(word) == expected


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("'abc", 'failed to process "\'abc": unexpected end of statement while'),
        ('"abc', "looking for matching double-quote"),
        ("${", "syntax error: missing '}'"),
        ("${PWD", r"unsupported modifier \(\) in substitution"),
        ("${PWD:-a", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${{x}}", "syntax error: bad substitution"),
        ("${:x}", "syntax error: bad substitution"),
        ("${PWD:x}", r"unsupported modifier \(:x\) in substitution"),
        ("${PWD:#x}", r"unsupported modifier \(:#\) in substitution"),
        ("${PWD^x}", r"unsupported modifier \(\^\) in substitution"),
        ("${PWD/a}", "syntax error: missing '/' in"),
        ("${PWD/a/b", "syntax error: missing '}'"),
        ("${NONE?}", "NONE: is not allowed to be unset"),
        ("${EMPTY:?say it}", "EMPTY: say it"),
    ],
)
def test_refuses(word: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        text(word)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("a $TWO b", ("a", "a", "b", "b")),
        ('a "$TWO" b', ("a", "a  b", "b")),
        ("a\\ b c", ("a b", "c")),
        ("x'a b'y z", ("xa by", "z")),
        ("$EMPTY ''", ()),
        ("cat <<  EOF >x", ("cat", "<<  EOF", ">x")),
    ],
)
def test_splits_into_words_after_expansion(word: str, words: tuple[str, ...]) -> None:
    assert lex(word, ENV, Rules()).words == words


def test_says_which_variables_it_saw() -> None:
    found = lex("$PWD ${NONE:-$OTHER} '$QUOTED'", ENV, Rules())
    assert found.matched == {"PWD"}
    assert found.unmatched == {"NONE", "OTHER"}


@pytest.mark.parametrize(
    ("word", "rules", "expected"),
    [
        ("'a' \"b\" \\c", Rules(raw_quotes=True), "'a' \"b\" c"),
        ('a\\b "\\""', Rules(raw_escapes=True), 'a\\b \\"'),
        ("$NONE ${NONE:-x} $PWD", Rules(skip_unset=True), "$NONE ${NONE:-x} /home"),
        ("${NONE/a/b} ${NONE}", Rules(skip_unset=True), "${NONE/a/b} ${NONE}"),
        ("it's $PWD \\$PWD", Rules(literal_quotes=True), "it's /home $PWD"),
        ("a`$b \\c", Rules(escape="`"), "a$b \\c"),
    ],
)
def test_rules_leave_things_as_they_are(word: str, rules: Rules, expected: str) -> None:
    assert text(word, rules) == expected


@given(st.text(alphabet="ab $\\'\"{}:-+?#%/*<", max_size=30))
def test_any_text_is_expanded_or_refused(word: str) -> None:
    for rules in (Rules(), Rules(raw_quotes=True, raw_escapes=True, skip_unset=True)):
        try:
            lex(word, {"a": "1 2"}, rules)
        except Fault:
            continue


@given(st.text(max_size=40))
def test_single_quotes_keep_everything(word: str) -> None:
    if "'" not in word:
        assert text(f"'{word}'") == word


def test_too_many_braces_are_refused() -> None:
    with pytest.raises(Fault, match="too many nested braces"):
        text("${a:-" * 20_000)


@pytest.mark.parametrize("word", ["$A$A", '"${A}${A}"', "${NONE:-$A$A}"])
def test_variables_cannot_fill_the_memory(word: str) -> None:
    variables = {"A": "x" * (MOST_CHARS // 2 + 1)}
    with pytest.raises(Fault, match=f"bring more than {MOST_CHARS} characters"):
        lex(word, variables, PLAIN)
    assert len(lex("$A", variables, PLAIN).text) == len(variables["A"])
