"""Which image a pull means, and who asks."""

import base64
import json

import pytest

from labkit.api.parse.images import (
    config_header,
    credentials_header,
    pull_reference,
    push_reference,
)
from labkit.base.errors import InvalidInputError
from labkit.images.registry.model import ANONYMOUS, Credentials

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("name", "tag", "familiar"),
    [
        ("nginx", "", "nginx"),  # all of its tags
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


def test_reads_what_a_push_means() -> None:
    assert push_reference("lab:5000/a", "1").familiar == "lab:5000/a:1"
    assert push_reference("lab:5000/a", "").tag is None
    with pytest.raises(InvalidInputError, match="cannot push a digest reference"):
        push_reference(f"a@{DIGEST}", "")


def test_reads_who_asks() -> None:
    me = {"username": "lab", "password": "?>~", "identitytoken": "t"}
    data = base64.urlsafe_b64encode(json.dumps(me).encode()).decode()
    wanted = Credentials("lab", "?>~", "t")
    assert credentials_header(data) == credentials_header(data.rstrip("=")) == wanted


@pytest.mark.parametrize("text", ["", "e30=", "%%%", "W10=", "eyJ1c2VybmFtZSI6NX0="])
def test_what_says_nothing_is_nobody(text: str) -> None:
    assert credentials_header(text) == ANONYMOUS


def test_reads_who_builds() -> None:
    known = {"lab:5000": {"username": "lab", "password": "pw"}}
    data = base64.urlsafe_b64encode(json.dumps(known).encode()).decode()
    assert config_header(data) == {"lab:5000": Credentials("lab", "pw")}
    for text in ("", "e30=", "bnVsbA==", "!", "WzFd", "eyJhIjoxfQ=="):
        assert config_header(text) == {}
