import pytest

from labkit.docker_cli.template.lexer import TemplateSyntaxError
from labkit.docker_cli.template.parser import parse_template


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{foo .A}}", 'function "foo" not defined'),
        ("{{$x}}", 'undefined variable "$x"'),
        ("{{}}", "missing value for command"),
        ("{{if}}{{end}}", "missing value for if"),
        ("{{if .A}}", "unexpected EOF"),
        ("{{end}}", "unexpected {{end}}"),
        ("{{else}}", "unexpected {{else}}"),
        ("{{.A | 3}}", "non executable command in pipeline stage 2"),
        ("{{break}}", "{{break}} outside {{range}}"),
    ],
)
def test_refuses_in_gos_words(source, said):
    with pytest.raises(TemplateSyntaxError) as caught:
        parse_template(source)
    assert str(caught.value) == f"template: :1: {said}"


def test_a_template_may_have_a_name():
    with pytest.raises(TemplateSyntaxError, match=r"^template: version:1: unclosed"):
        parse_template("{{.A", "version")
