"""Variables, functions and matrices of bake files."""

from typing import Any

import pytest

from labkit.docker_cli.buildx.bake_terms import gather, list_variables, work_out
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.bodies import parse_hcl


def baked(*texts: str, **environ: str) -> Any:
    bodies = [parse_hcl(f"f{at}", text) for at, text in enumerate(texts)]
    return work_out(gather(bodies, environ))


def tags(text: str, **environ: str) -> Any:
    return baked(text, **environ)["target"]["a"]["tags"]


def test_variables_have_defaults_and_the_environment_goes_before() -> None:
    text = """
    variable "V" { default = "1" }
    W = "${V}-2"
    variable "EMPTY" {}
    target "a" { tags = [V, W, EMPTY, "${BAKE_CMD_CONTEXT}"] }
    """
    assert tags(text) == ["1", "1-2", "cwd://"]
    assert tags(text, V="x") == ["x", "x-2", "cwd://"]
    assert tags(text, W="y", EMPTY="z") == ["1", "y", "z", "cwd://"]


@pytest.mark.parametrize(
    ("declared", "given", "use", "value"),
    [
        ("default = true", "false", 'V ? "yes" : "no"', "no"),
        ("default = 3", "4", "V + 1", 5),
        ("type = number", "4", "V + 1", 5),
        ('type = "string"', "4", "V", "4"),
        ('default = ["a"]', "b,c", "V", ["b", "c"]),
        ("type = list(string)", '["d"]', "V", ["d"]),
        ("type = map(string)", '{"k": "v"}', "V", {"k": "v"}),
        ("default = {}", '{"k": "v"}', "V", {"k": "v"}),
    ],
)
def test_the_environment_is_read_as_what_is_wanted(
    declared: str, given: str, use: str, value: Any
) -> None:
    text = f'variable "V" {{ {declared} }}\ntarget "a" {{ x = {use} }}'
    assert baked(text, V=given)["target"]["a"]["x"] == value


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(BuildxError, match="variable 'V': 'x' is no number"):
        tags('variable "V" { default = 1 }\ntarget "a" { tags = [V] }', V="x")
    with pytest.raises(BuildxError, match="variable 'V': 'x' is no bool"):
        tags('variable "V" { default = true }\ntarget "a" { tags = [V] }', V="x")
    text = """
    variable "V" {
      default = "1"
      validation {
        condition = V != "2"
        error_message = "not ${V}"
      }
    }
    target "a" { tags = [V] }
    """
    assert tags(text) == ["1"]
    with pytest.raises(BuildxError, match="f0:4,7: variable 'V': not 2"):
        tags(text, V="2")


def test_variables_do_not_need_themselves() -> None:
    with pytest.raises(BuildxError, match="variable 'V' needs itself"):
        tags('V = W\nW = V\ntarget "a" { tags = [V] }')


def test_functions_are_called_with_what_they_want() -> None:
    text = """
    function "add" {
      params = [x, y]
      result = x + y
    }
    function "rest" {
      params = [first]
      variadic_params = rest
      result = length(rest)
    }
    target "a" { tags = [add(1, 2), rest("x", [1, 2]...)] }
    """
    assert tags(text) == [3, 2]
    with pytest.raises(BuildxError, match="wrong call of add: add takes 2 arguments"):
        tags(text.replace("add(1, 2)", "add(1)"))
    with pytest.raises(BuildxError, match="no has no result"):
        tags('function "no" {}\ntarget "a" { tags = [no()] }')


def test_a_matrix_makes_targets() -> None:
    found = baked(
        """
        target "app" {
          name = "app-${v.n}-${w}"
          matrix = { v = [{n = 1}, {n = 2}], w = ["x"] }
          args = { N = v.n, NONE = null }
        }
        """
    )
    assert found["group"] == {"app": {"targets": ["app-1-x", "app-2-x"]}}
    assert found["target"]["app-2-x"] == {"args": {"N": "2"}}
    with pytest.raises(BuildxError, match="target 'a' has a matrix and no name"):
        baked('target "a" { matrix = {} }')
    with pytest.raises(BuildxError, match="a matrix has to be a map of lists"):
        baked('target "a" { matrix = [] }')


def test_what_another_target_says_can_be_asked_for() -> None:
    text = 'target "b" { args = { X = "1" } }\ntarget "a" { tags = [target.b.args.X] }'
    assert tags(text) == ["1"]


def test_later_files_go_before_and_maps_grow() -> None:
    one = 'target "a" {\n args = { A = 1, B = 1 }\n tags = ["x"]\n}\nV = 1'
    two = 'target "a" {\n args = { B = V }\n tags = ["y"]\n}\nV = 2'
    assert baked(one, two)["target"]["a"] == {
        "args": {"A": "1", "B": "2"},
        "tags": ["y"],
    }


def test_refuses_blocks_that_are_none() -> None:
    with pytest.raises(BuildxError, match="f0:1,1: there is no block 'tragets' here"):
        baked('tragets "a" {}')
    with pytest.raises(BuildxError, match="args needs a '=' before its braces"):
        baked('target "a" {\n args {}\n}')


def test_lists_variables() -> None:
    body = parse_hcl("f", 'variable "V" {\n default = 1\n description = "d"\n}\nA = 2')
    found = [
        (one.name, one.value, one.description)
        for one in list_variables(gather([body], {}))
    ]
    assert found == [("A", 2, ""), ("V", 1, "d")]
