import pytest

from labkit.docker_cli.template.execute import TemplateError
from tests.unit.docker_cli.template.filling import fill

THING = {
    "L": ["a", "b"],
    "M": {"k": "v"},
    "S": "some Text",
    "N": 3,
    "E": "",
    "H": "<&>",
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{json .M}}", '{"k":"v"}'),
        ("{{json .H}}", '"<&>"'),
        ('{{join .L "+"}}', "a+b"),
        ('{{split .S " "}}', "[some Text]"),
        ("{{lower .S}} {{upper .S}} {{title .S}}", "some text SOME TEXT Some Text"),
        ("{{truncate .S 4}}", "some"),
        ("{{pad .S 1 2}}|{{pad .E 1 2}}|", " some Text  ||"),
        ("{{len .S}} {{len .L}} {{len .M}}", "9 2 1"),
        ('{{index .M "k"}} {{index .L 1}} {{index .M "z"}}|', "v b |"),
        ("{{slice .S 5}} {{slice .L 0 1}}", "Text [a]"),
        ('{{eq .N 3}} {{eq .S "x" "some Text"}} {{ne .N 3}}', "true true false"),
        ("{{lt .N 4}} {{le .N 3}} {{gt .N 3}} {{ge .N 3}}", "true true false true"),
        ("{{print 1 2}} {{print .S .S}}", "1 2 some Textsome Text"),
        ("{{println .S .N}}", "some Text 3\n"),
        ("{{html .H}}", "&lt;&amp;&gt;"),
    ],
)
def test_does_what_go_and_docker_do(source, text):
    assert fill(source, THING) == text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{len .N}}", "error calling len: len of type int"),
        ('{{index .N "x"}}', "error calling index: can't index item of type int"),
        ("{{index .M 3}}", "error calling index: value has type int; should be string"),
        ('{{eq .N "x"}}', "error calling eq: incompatible types for comparison"),
        ("{{lt .S 3}}", "error calling lt: incompatible types for comparison"),
        ('{{join .N ","}}', "error calling join: expected slice, got int"),
        ("{{slice .N 1}}", "error calling slice: can't slice item of type int"),
        ("{{upper .L}}", "wrong type for value; expected string; got []string"),
    ],
)
def test_refuses_in_gos_words(source, said):
    with pytest.raises(TemplateError) as caught:
        fill(source, THING)
    assert str(caught.value).endswith(f">: {said}")
