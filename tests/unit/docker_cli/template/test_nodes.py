import pytest

from labkit.docker_cli.template.nodes import Action, Branch
from labkit.docker_cli.template.parser import parse_template


@pytest.mark.parametrize(
    "source",
    [".A.B", "index .A 3", '.A | printf "%s"', "(index .A 0).B", "$x := .A", "$.A.B"],
)
def test_a_node_reads_as_it_was_written(source):
    (action,) = parse_template("{{" + source + "}}")
    assert isinstance(action, Action)
    assert str(action.pipe) == source


def test_a_branch_has_a_body_and_an_else():
    (branch,) = parse_template("{{if .A}}x{{else}}y{{end}}")
    assert isinstance(branch, Branch)
    assert (branch.kind, len(branch.body), len(branch.otherwise)) == ("if", 1, 1)
