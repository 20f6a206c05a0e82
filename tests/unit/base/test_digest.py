"""Digests are spelled in one way and name what they say."""

import hashlib
import io

import pytest

from labkit.base.digest import Digest, chain_id
from labkit.base.errors import InvalidInputError

EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_names_bytes_by_sha256() -> None:
    assert Digest.of(b"") == Digest(EMPTY)


def test_reads_a_stream_to_its_end() -> None:
    data = b"x" * (3 << 20)
    assert Digest.of_stream(io.BytesIO(data)) == Digest.of(data)


def test_short_form_is_what_docker_prints() -> None:
    assert Digest(EMPTY).short == "e3b0c44298fc"


@pytest.mark.parametrize(
    "text",
    ["", "sha256:", EMPTY[:-1], EMPTY.upper(), EMPTY + "0", EMPTY + "\n", "md5:00"],
)
def test_refuses_any_other_spelling(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid digest"):
        Digest(text)


def test_chain_of_one_layer_is_its_diff_id() -> None:
    assert chain_id([Digest(EMPTY)]) == Digest(EMPTY)


def test_chain_of_two_follows_the_image_specification() -> None:
    upper = Digest.of(b"upper")
    expected = hashlib.sha256(f"{EMPTY} {upper}".encode()).hexdigest()
    assert chain_id([Digest(EMPTY), upper]).hex == expected


def test_no_layers_have_no_chain() -> None:
    with pytest.raises(InvalidInputError):
        chain_id([])
