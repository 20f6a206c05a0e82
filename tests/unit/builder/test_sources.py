"""What a source of COPY stands for."""

from pathlib import Path

import pytest

from labkit.builder.sources import Found, Origin, find_sources, split_wildcards


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    (tmp_path / "app/src").mkdir(parents=True)
    for name in ("app/a.py", "app/b.py", "app/src/c.py", "x[1]"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to("app")
    (tmp_path / "out").symlink_to("/../..")
    return Origin((tmp_path,))


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("app/a.py", ["/app/a.py"]),
        ("/app/./a.py", ["/app/a.py"]),
        ("link/a.py", ["/app/a.py"]),
        ("link/*.py", ["/app/a.py", "/app/b.py"]),
        ("*/*.py", ["/app/a.py", "/app/b.py"]),
        ("app/*/c.py", ["/app/src/c.py"]),
        ("ap?", ["/app"]),
        ("x\\[1]", ["/x[1]"]),
        ("nothing", []),
        ("nothing/*", []),
        ("app/a.py/*", []),
        ("*.zip", []),
    ],
)
def test_finds(origin: Origin, pattern: str, paths: list[str]) -> None:
    assert [found.path for found in find_sources(origin, pattern)] == paths


def test_names_a_link_by_its_own_name(origin: Origin) -> None:
    assert find_sources(origin, "link") == [Found("link", "/app", True)]


def test_links_lead_nowhere_outside(origin: Origin) -> None:
    assert find_sources(origin, "out") == [Found("out", "/", True)]


def test_nothing_is_in_nothing() -> None:
    assert find_sources(Origin(()), "a") == []


def test_cuts_before_the_first_wildcard() -> None:
    assert split_wildcards("/a/b*/c") == ("/a", "b*/c")
    assert split_wildcards("/*") == ("/", "*")
    assert split_wildcards("/a/b") == ("/a/b", "")
