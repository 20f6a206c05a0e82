import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.listing import render
from labkit.docker_cli.tables import Subject

SUBJECT = Subject(
    "formatter.Thing",
    {
        "ID": ("THING ID", lambda t, cut: t["id"]),
        "Name": ("NAME", lambda t, cut: t["name"]),
    },
)
THINGS = [{"id": "1", "name": "one"}, {"id": "2", "name": "two"}]


def test_columns_by_name():
    assert render(SUBJECT, THINGS, ("ID", "Name")) == (
        "THING ID   NAME\n1          one\n2          two\n"
    )


def test_json_a_line_each():
    assert render(SUBJECT, THINGS, "json").splitlines()[1] == '{"ID":"2","Name":"two"}'


def test_a_template_and_a_table_of_one():
    assert render(SUBJECT, THINGS, "{{.Name}}") == "one\ntwo\n"
    assert render(SUBJECT, THINGS, r"table {{upper .Name}}\t{{.ID}}") == (
        "NAME      THING ID\nONE       1\nTWO       2\n"
    )
    assert render(SUBJECT, [], "table {{.Name}}") == "NAME\n"


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("{{.Foo}}", "can't evaluate field Foo in type *formatter.Thing"),
        ("{{.Name", "template: :1: unclosed action"),
    ],
)
def test_refuses_bad_templates_in_gos_words(layout, said):
    with pytest.raises(CliError) as caught:
        render(SUBJECT, THINGS, layout)
    assert str(caught.value).startswith("template parsing error: template: :1:")
    assert str(caught.value).endswith(said)
