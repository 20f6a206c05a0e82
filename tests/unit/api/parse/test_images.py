"""Which image a pull means."""

import pytest

from labkit.api.parse.images import pull_reference
from labkit.base.errors import InvalidInputError


@pytest.mark.parametrize(
    ("name", "tag", "familiar"),
    [
        ("busybox", "", "busybox:latest"),
        ("busybox", "1", "busybox:1"),
        ("docker.io/library/busybox", "1", "busybox:1"),
        ("team/app:2", "", "team/app:2"),
        ("app", "sha256:" + "a" * 64, "app@sha256:" + "a" * 64),
    ],
)
def test_puts_name_and_tag_together(name: str, tag: str, familiar: str) -> None:
    assert pull_reference(name, tag).familiar == familiar


def test_refuses_no_name() -> None:
    with pytest.raises(InvalidInputError, match="invalid reference format"):
        pull_reference("", "latest")
