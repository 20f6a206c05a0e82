import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.checks.limits import parse_size
from tests.unit.grading.build import fields, find, make_container, see


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("64m", 64 << 20),
        ("1.5g", 3 << 29),
        ("100", 100),
        ("2KB", 2048),
        ("1Gib", 1 << 30),
    ],
)
def test_reads_sizes_as_docker_does(text, count):
    assert parse_size(text) == count


def test_refuses_what_is_no_size():
    with pytest.raises(InvalidInputError, match="invalid size 'much'"):
        parse_size("much")


@pytest.mark.parametrize(
    ("limit", "good", "bad"),
    [("memory", "64m", "128m"), ("cpus", 0.5, 1), ("pids", 100, 50)],
)
def test_a_limit_must_be_exactly_this(limit, good, bad):
    limited = see(
        make_container(memory_bytes=64 << 20, nano_cpus=500_000_000, pids_limit=100)
    )
    assert fields("container", limited, name="web", **{limit: good}) == []
    assert fields("container", limited, name="web", **{limit: bad}) == [limit]


@pytest.mark.parametrize(
    ("limit", "value"), [("memory", "64m"), ("cpus", 1), ("pids", 9)]
)
def test_says_that_there_is_no_limit(limit, value):
    (finding,) = find("container", see(make_container()), name="web", **{limit: value})
    assert finding.found == "no limit"
    assert "docker update" in finding.next_step


@pytest.mark.parametrize(
    ("count", "text"), [(64 << 20, "64m"), (2 << 30, "2g"), (4096, "4k"), (100, "100b")]
)
def test_spells_the_limit_it_found(count, text):
    seen = see(make_container(memory_bytes=count))
    (finding,) = find("container", seen, name="web", memory="65m")
    assert finding.found == text
