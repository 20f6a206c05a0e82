"""Health checks and their times."""

import pytest

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.flags import parse_flags
from labkit.dockerfile.health import HEALTH_FLAGS, parse_health
from labkit.spec.image import Healthcheck


def health(
    *words: str, flags: tuple[str, ...] = (), is_json: bool = False
) -> Healthcheck:
    return parse_health(words, is_json, parse_flags(flags, HEALTH_FLAGS))


def test_reads_a_command_and_its_times() -> None:
    flags = ("--interval=1m30s", "--timeout=3s", "--start-period=0", "--retries=2")
    assert health("cmd", "curl x", flags=flags) == Healthcheck(
        ("CMD-SHELL", "curl x"), 90 * 10**9, 3 * 10**9, 0, 0, 2
    )
    assert health("CMD", "a", "b", is_json=True).test == ("CMD", "a", "b")
    assert (
        health("CMD", "a", flags=("--start-interval=5s",)).start_interval == 5 * 10**9
    )


def test_none_takes_a_check_away() -> None:
    assert health("none") == Healthcheck(("NONE",))


@pytest.mark.parametrize(
    ("words", "flags", "said"),
    [
        (("NONE", "x"), (), "HEALTHCHECK NONE takes no arguments"),
        (("CMD",), (), "Missing command after HEALTHCHECK CMD"),
        (("foo", "x"), (), r'Unknown type "FOO" in HEALTHCHECK \(try CMD\)'),
        (("CMD", "x"), ("--interval=5",), 'time: missing unit in duration "5"'),
        (
            ("CMD", "x"),
            ("--timeout=1us",),
            'Interval "timeout" cannot be less than 1ms',
        ),
        (("CMD", "x"), ("--retries=-1",), r"--retries cannot be negative \(-1\)"),
        (
            ("CMD", "x"),
            ("--retries=x",),
            'strconv.ParseInt: parsing "x": invalid syntax',
        ),
        (("CMD", "x"), ("--retries=9999999999",), "value out of range"),
    ],
)
def test_refuses(words: tuple[str, ...], flags: tuple[str, ...], said: str) -> None:
    with pytest.raises(Fault, match=said):
        health(*words, flags=flags)
