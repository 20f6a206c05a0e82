import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.docker_cli import json_text
from labkit.docker_cli.errors import CliError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_what_is_written_reads_as_it_was(value):
    assert json_text.parse(json_text.compact(value)) == value
    assert json.loads(json_text.indented(value)) == value


def test_escapes_for_browsers_as_go_does_unless_told_not_to():
    assert json_text.compact("<a>&") == '"\\u003ca\\u003e\\u0026"'
    assert json_text.compact("<a>&", html=False) == '"<a>&"'


def test_empty_things_stay_on_one_line():
    text = json_text.indented({"a": {}, "b": [], "c": [1, {"d": None}]})
    assert text.splitlines() == [
        "{",
        '    "a": {},',
        '    "b": [],',
        '    "c": [',
        "        1,",
        "        {",
        '            "d": null',
        "        }",
        "    ]",
        "}",
    ]


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{bad", "1 2", "nope"])
def test_refuses_what_is_no_json(text):
    with pytest.raises(CliError):
        json_text.parse(text)


def test_sorts_keys_where_go_has_a_map():
    assert json_text.compact({"b": 1, "a": 2}, sort=True) == '{"a":2,"b":1}'
    assert json_text.compact(1.0) == "1"
    assert json_text.compact(1.5) == "1.5"
