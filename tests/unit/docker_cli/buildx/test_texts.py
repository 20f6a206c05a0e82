"""Sizes, times and warnings as BuildKit prints them."""

import pytest

from labkit.docker_cli.buildx.texts import bytes_text, seconds_text, warnings_text
from tests.unit.docker_cli.buildx.updates import warning


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0B"),
        (999, "999B"),
        (1000, "1.00kB"),
        (12_345_678, "12.35MB"),
        (10**16, "10000.00TB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert bytes_text(size) == text


def test_times() -> None:
    assert [seconds_text(one) for one in (0, 1.26, -1)] == ["0.0s", "1.3s", "0.0s"]


def test_warnings_are_counted_and_expanded() -> None:
    warned = warning("Rule: it is (line 2)").warnings
    assert warnings_text((), debug=False) == ""
    assert warnings_text(warned, debug=False) == (
        "\n 1 warning found (use docker --debug to expand):\n - Rule: it is (line 2)\n"
    )
    expanded = warnings_text(warned * 2, debug=True)
    assert expanded.startswith(
        "\n 2 warnings found:\n - Rule: it is (line 2)\nthe detail\n"
    )
    assert "More info: https://x/" in expanded
    assert "   2 | >>> CMD b" in expanded
