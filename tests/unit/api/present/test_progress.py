"""Progress as text: what a real dockerd was seen to write."""

import pytest

from labkit.api.present.progress import progress_bar


@pytest.mark.parametrize(
    ("current", "total", "bar"),
    [
        (35840, 1984240, f"[>{' ' * 50}]  35.84kB/1.984MB"),
        (789504, 1984240, f"[{'=' * 19}>{' ' * 31}]  789.5kB/1.984MB"),
        (110, 110, f"[{'=' * 50}>]     110B/110B"),
        (2129920, 1984240, f"[{'=' * 50}>]   2.13MB"),
        (723968, 1984240, f"[{'=' * 18}>{' ' * 32}]    724kB/1.984MB"),
    ],
)
def test_draws_as_dockerd(current: int, total: int, bar: str) -> None:
    assert progress_bar(current, total) == bar
