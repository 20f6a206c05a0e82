import pytest

from labkit.docker_cli.template.execute import TemplateError
from labkit.docker_cli.template.values import NilPointer, Struct
from tests.unit.docker_cli.template.filling import fill

THING = {
    "Name": "web",
    "Labels": {"b": "2", "a": "1"},
    "List": ["x", "y"],
    "Zero": 0,
    "Null": None,
    "Inner": {"Deep": {"Value": 7}},
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{.Name}}", "web"),
        ("{{.Inner.Deep.Value}}", "7"),
        ("{{.Labels}}", "map[a:1 b:2]"),
        ("{{.List}}", "[x y]"),
        ("{{.Null}}", "<no value>"),
        ("{{.Absent}}", "<no value>"),
        ("{{if .Zero}}a{{else if .Name}}b{{else}}c{{end}}", "b"),
        ("{{range .List}}{{.}},{{end}}", "x,y,"),
        ("{{range $i, $v := .List}}{{$i}}{{$v}}{{end}}", "0x1y"),
        ("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;"),
        ("{{range .Null}}x{{else}}none{{end}}", "none"),
        ('{{range .List}}{{if eq . "y"}}{{break}}{{end}}{{.}}{{end}}', "x"),
        ('{{range .List}}{{if eq . "x"}}{{continue}}{{end}}{{.}}{{end}}', "y"),
        ("{{with .Inner}}{{.Deep.Value}}{{end}}", "7"),
        ('{{$x := .Name}}{{$x = "new"}}{{$x}}{{$.Name}}', "newweb"),
        ("{{(index .List 0)}}", "x"),
        ('{{.Name | upper | printf "%s!"}}', "WEB!"),
        ("{{and .Name .Zero}} {{or .Zero .Name}} {{not .Zero}}", "0 web true"),
        ("{{- .Name -}}  x", "webx"),
    ],
)
def test_fills(source, text):
    assert fill(source, THING) == text


@pytest.mark.parametrize(
    ("source", "place", "node", "said"),
    [
        ("{{.Name.X}}", "1:7", ".Name.X", "can't evaluate field X in type string"),
        ("x\n{{.Name.X}}", "2:7", ".Name.X", "can't evaluate field X in type string"),
        ("{{.Null.X}}", "1:7", ".Null.X", "nil pointer evaluating interface {}.X"),
        (
            "{{index .List 9}}",
            "1:2",
            "index .List 9",
            "error calling index: index out of range: 9",
        ),
        ("{{upper}}", "1:2", "upper", "wrong number of args for upper: want 1 got 0"),
        ("{{upper 3}}", "1:8", "3", "expected string; found 3"),
        ("{{nil}}", "1:2", "nil", "nil is not a command"),
    ],
)
def test_refuses_in_gos_words_with_the_place(source, place, node, said):
    with pytest.raises(TemplateError) as caught:
        fill(source, THING)
    assert str(caught.value) == f'template: :{place}: executing "" at <{node}>: {said}'


def test_strictly_a_map_must_have_its_key():
    with pytest.raises(TemplateError, match='map has no entry for key "Foo"'):
        fill("{{.Foo}}", THING, strict=True)


def test_a_struct_has_its_fields_and_no_others():
    with pytest.raises(TemplateError, match="can't evaluate field Foo in type struct"):
        fill("{{.Foo}}", Struct(A=1))
    with pytest.raises(
        TemplateError, match=r"nil pointer evaluating \*x.Health.Status"
    ):
        fill("{{.H.Status}}", Struct(H=NilPointer("*x.Health")))
