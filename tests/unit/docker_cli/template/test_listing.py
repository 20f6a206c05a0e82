import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.template.listing import checked_fields, prepare

SUBJECT = Subject(
    "x.Y", {"A": ("A", lambda t, c: ""), "Size": ("SIZE", lambda t, c: "")}
)


def test_finds_what_a_format_uses():
    assert checked_fields(SUBJECT, "{{.A}}{{if .Size}}x{{end}}") == {"A", "Size"}


def test_refuses_a_format_before_the_engine_is_asked():
    with pytest.raises(CliError, match=r"^failed to execute template: template: :1:2"):
        checked_fields(SUBJECT, "{{.Foo}}")
    with pytest.raises(
        CliError, match=r"^failed to parse template: template: :1: uncl"
    ):
        checked_fields(SUBJECT, "{{.Foo")


def test_backslashes_stand_for_tabs_and_lines():
    assert prepare(r" {{.A}}\t{{.B}}\n ") == "{{.A}}\t{{.B}}\n"
