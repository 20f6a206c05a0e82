import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.template.inspecting import parse_layout

CONTAINER = {
    "Id": "x1",
    "State": {"Status": "running"},
    "Config": {"Labels": {"a": "b"}, "Entrypoint": None, "Cmd": ["sh"]},
    "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "10.0.0.2"}}},
}


def fill(layout):
    return parse_layout(layout)([CONTAINER])


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("{{.State.Health}}", "<nil>"),
        ("{{if .State.Health}}a{{else}}b{{end}}", "b"),
        ("{{.Config.Labels}}", "map[a:b]"),
        ("{{.Config.Labels.zz}}", "<no value>"),
        ("{{.Config.Entrypoint}} {{json .Config.Entrypoint}}", "[] null"),
        ("{{.Id}}", "x1"),
        ("{{.ID}}", "x1"),
        ("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "10.0.0.2"),
    ],
)
def test_a_struct_first_and_bare_json_if_that_fails(layout, text):
    assert fill(layout) == text + "\n"


def test_what_neither_has_is_told_of_the_json():
    with pytest.raises(CliError) as caught:
        fill("{{.Foo}}")
    assert str(caught.value) == (
        'template parsing error: template: :1:2: executing "" at <.Foo>: '
        'map has no entry for key "Foo"'
    )


def test_what_has_no_json_is_told_of_its_type():
    with pytest.raises(
        CliError, match=r"can't evaluate field Foo in type volume.Volume"
    ):
        parse_layout("{{.Foo}}", "volume.Volume")([{"Name": "x"}])


def test_nothing_found_is_an_empty_line():
    assert parse_layout("{{.Foo}}")([]) == "\n"
