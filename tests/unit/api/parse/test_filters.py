"""Both forms of filters."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.api.parse.filters import parse_filters
from labkit.base.errors import InvalidInputError

NAMES = st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), unique=True))


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("", {}),
        ("{}", {}),
        ('{"label":{"a=b":true}}', {"label": ("a=b",)}),
        ('{"label":{"a":true,"b=c":true}}', {"label": ("a", "b=c")}),
        ('{"label":["a","b=c"]}', {"label": ("a", "b=c")}),
        ('{"dangling":{"true":true}}', {"dangling": ("true",)}),
        ('{"label":{"a":false}}', {"label": ("a",)}),  # moby: the key is what counts
        ('{"name":[]}', {"name": ()}),
        ('{"name":null}', {"name": ()}),
        ("null", {}),
    ],
)
def test_reads_both_forms(text: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert parse_filters(text) == filters


@given(NAMES)
@settings(max_examples=30)
def test_both_forms_mean_the_same(wanted: dict[str, list[str]]) -> None:
    lists = json.dumps(wanted)
    maps = json.dumps({name: dict.fromkeys(v, True) for name, v in wanted.items()})
    assert parse_filters(lists) == parse_filters(maps)
    assert parse_filters(lists) == {name: tuple(v) for name, v in wanted.items()}


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[1]",
        '"label"',
        "5",
        '{"label":1}',
        '{"label":{"a":1}}',
        '{"label":"a"}',
        '{"label":[1]}',
        '{"label":[["a"]]}',
        '{"label":' * 5000,
        "[" * 5000,
        "1" * 5000,
    ],
)
def test_refuses_the_rest(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid filter"):
        parse_filters(text)
