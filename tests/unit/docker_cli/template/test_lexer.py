import pytest

from labkit.docker_cli.template.lexer import TemplateSyntaxError, tokens


def kinds(source):
    return [token.kind for token in tokens(source) if token.kind != "space"]


def test_cuts_texts_and_actions_apart():
    assert kinds("a{{.B}}c") == ["text", "left", "field", "right", "text"]
    assert kinds('{{$x := index .A "k" 3 | print}}') == [
        "left",
        "variable",
        "declare",
        "name",
        "field",
        "string",
        "number",
        "|",
        "name",
        "right",
    ]


def test_dashes_take_the_blanks_beside_them():
    texts = [t.text for t in tokens("a  {{- .B -}}  c") if t.kind == "text"]
    assert texts == ["a", "c"]


def test_comments_and_closing_braces_in_strings():
    assert kinds("{{/* a }} b */}}c") == ["left", "comment", "right", "text"]
    assert kinds('{{"}}"}}') == ["left", "string", "right"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{.A", "template: :1: unclosed action"),
        ("\n{{.A", "template: :2: unclosed action"),
        ('{{"a}}', "template: :1: unterminated quoted string"),
        ("{{`a}}", "template: :1: unterminated raw quoted string"),
        ("{{/* a}}", "template: :1: unclosed comment"),
    ],
)
def test_refuses_in_gos_words(source, said):
    with pytest.raises(TemplateSyntaxError) as caught:
        list(tokens(source))
    assert str(caught.value) == said
