"""Contexts that the engine fetches itself."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.remote_context import fetch_context


def test_a_text_is_the_dockerfile(url: str, tmp_path: Path) -> None:
    assert fetch_context(f"{url}/Dockerfile", tmp_path / "c") == "from elsewhere"
    assert list((tmp_path / "c").iterdir()) == []


@pytest.mark.slow
def test_a_repository_is_the_context(repository: str, tmp_path: Path) -> None:
    assert fetch_context(repository, tmp_path / "c") == ""
    assert (tmp_path / "c/Dockerfile").exists()


def test_a_tar_is_unpacked(url: str, tmp_path: Path) -> None:
    assert fetch_context(f"{url}/c.tgz", tmp_path / "c") == ""
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["Dockerfile"]


@pytest.mark.parametrize("url", ["nonsense", "ftp://h/x", '{"a": 1}'])
def test_what_is_no_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot get"):
        fetch_context(url, tmp_path / "c")
