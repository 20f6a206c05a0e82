"""Which image a pull means."""

import pytest

from labkit.api.parse.images import pull_reference
from labkit.base.errors import InvalidInputError

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("name", "tag", "familiar"),
    [
        ("nginx", "", "nginx:latest"),
        ("nginx", "1.25", "nginx:1.25"),
        ("docker.io/library/nginx", "1.25", "nginx:1.25"),
        ("nginx:1.24", "", "nginx:1.24"),
        ("localhost:5000/a/b", "2", "localhost:5000/a/b:2"),
        ("nginx", DIGEST, f"nginx@{DIGEST}"),
    ],
)
def test_puts_name_and_tag_together(name: str, tag: str, familiar: str) -> None:
    assert pull_reference(name, tag).familiar == familiar


@pytest.mark.parametrize(
    ("name", "tag"), [("", ""), ("", "1"), ("UPPER", "1"), ("a", "not a tag")]
)
def test_refuses_what_names_nothing(name: str, tag: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid reference format"):
        pull_reference(name, tag)
