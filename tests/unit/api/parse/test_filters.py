"""Both spellings of filters."""

import pytest

from labkit.api.parse.filters import parse_filters
from labkit.base.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("", {}),
        ("{}", {}),
        ('{"label":{"a=b":true,"c":true}}', {"label": ("a=b", "c")}),
        ('{"label":["a=b","c"]}', {"label": ("a=b", "c")}),
        ('{"status":{"running":false}}', {"status": ("running",)}),
        ('{"all":{}}', {"all": ()}),
    ],
)
def test_reads_maps_and_lists(text: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert parse_filters(text) == filters


@pytest.mark.parametrize(
    "text", ["garbage", "[]", "1", '{"a":1}', '{"a":"b"}', '{"a":[1]}']
)
def test_refuses_the_rest(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid filter"):
        parse_filters(text)
