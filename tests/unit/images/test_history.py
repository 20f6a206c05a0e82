"""labkit.images.history: times as Docker writes them, sizes beside their steps."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.images.catalog import parse_config
from labkit.images.history import history_lines, parse_time
from labkit.images.model import Image
from tests.unit.images.fakes import chains_of, config_of, layer_tar

TAR = layer_tar({"a": b"12345"})


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        (None, 0),
        ("", 0),
        ("0001-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T00:00:01.123456789Z", 1_123_456_789),
        ("1970-01-01T01:00:01.000000001+01:00", 1_000_000_001),
    ],
)
def test_reads_times(text: str | None, nanoseconds: int) -> None:
    assert parse_time(text) == nanoseconds


def test_refuses_what_is_no_time() -> None:
    with pytest.raises(InvalidInputError, match="yesterday"):
        parse_time("yesterday")


def test_gives_steps_without_layer_no_size() -> None:
    history = [
        {"created_by": "COPY a /"},
        {"created_by": "CMD sh", "empty_layer": True},
        {"created_by": "COPY a /b"},
    ]
    config = parse_config(config_of([TAR, TAR], history=history))
    chains = chains_of(TAR, TAR)
    image = Image(chains[0], config, (), (), 12, 0, chains)
    lines = history_lines(image, (5, 7))
    assert [(line.created_by, line.size) for line in lines] == [
        ("COPY a /b", 7),
        ("CMD sh", 0),
        ("COPY a /", 5),
    ]
    assert [line.id for line in lines] == [image.id, None, None]
