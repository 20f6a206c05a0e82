"""One name for one place."""

import pytest

from labkit.base.paths import clean_path


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("/", "/"),
        ("//", "/"),
        ("///x//y/", "/x/y"),
        ("//proc", "/proc"),
        ("/a/./b/../c", "/a/c"),
        ("/../..", "/"),
        ("x", "/x"),
    ],
)
def test_takes_the_detours_out(path: str, clean: str) -> None:
    assert clean_path(path) == clean
