import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.inspecting import formatter
from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in


def test_prints_json_one_or_all_or_what_a_template_asks():
    assert formatter("")([{"a": 1}]) == '[\n    {\n        "a": 1\n    }\n]\n'
    assert formatter("")([]) == "[]\n"
    assert formatter("json")([{"a": 1}]) == '[{"a":1}]\n'
    assert formatter("{{.Name}}")([{"Name": "x"}, {"Name": "y"}]) == "x\ny\n"
    with pytest.raises(CliError) as caught:
        formatter("{{.Name")
    assert caught.value.code == 64


def test_tells_what_is_missing_behind_what_is_there(capsys, tmp_path):
    routes = {"GET /v1.47/networks/a": (200, {"Name": "a"})}
    with answering(tmp_path, routes):
        typed = type_in(capsys, "network", "inspect", "-f", "{{.Name}}", "x", "a")
    assert typed.code == 1
    assert typed.out == "a\n"
    assert typed.err == "Error response from daemon: no such\n"
