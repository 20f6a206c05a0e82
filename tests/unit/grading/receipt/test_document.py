import json

import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.receipt.document import (
    NewerReceiptError,
    canonical_bytes,
    read_receipt,
    write_receipt,
)
from labkit.grading.receipt.key import public_of
from tests.unit.grading.receipt.examples import make_key, make_receipt, tamper


@pytest.fixture
def text(tmp_path):
    return write_receipt(make_receipt(), make_key(tmp_path))


def test_comes_back_as_it_was(tmp_path, text):
    signed = read_receipt(text.encode())
    assert signed.receipt == make_receipt()
    assert signed.key == public_of(make_key(tmp_path))


def test_the_same_receipt_has_the_same_bytes(tmp_path, text):
    assert write_receipt(make_receipt(), make_key(tmp_path)) == text
    assert canonical_bytes({"b": 1, "a": "é"}) == b'{"a":"\\u00e9","b":1}'


def test_may_be_written_in_another_layout(text):
    again = json.dumps(json.loads(text), indent=7).replace("\n", "\r\n").encode()
    assert read_receipt(again) == read_receipt(text.encode())
    assert read_receipt(b"\xef\xbb\xbf" + again) == read_receipt(text.encode())


@pytest.mark.parametrize(
    "place",
    [
        ("signed", "chapter"),
        ("signed", "name"),
        ("signed", "seed"),
        ("signed", "report", "points"),
        ("signed", "observation", 0, "answer"),
        ("signed", "more"),
        ("signature",),
        ("key",),
    ],
)
def test_every_change_breaks_the_signature(text, place):
    with pytest.raises(InvalidInputError, match="signature is not good"):
        read_receipt(tamper(text, *place, value="other"))


@pytest.mark.parametrize("end", [0, 1, 100, 5000, -2])
def test_a_truncated_one_is_said_to_be_that(text, end):
    with pytest.raises(InvalidInputError, match="ends too early, or is no JSON"):
        read_receipt(text.encode()[:end])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe", "no JSON"),
        (b"[]", "no receipt"),
        (b"{}", "no receipt"),
        (b'{"format": 1, "format": 2}', "a key twice"),
        (b'{"format": 1, "f\\u006frmat": 2}', "a key twice"),
        (b'{"format": NaN}', "no JSON"),
        (b'{"format": 1e999}', "too large"),
        (b'{"format": "\\uD800"}', "half a character"),
        (b'{"format": "labkit receipt", "version": 1.0}', "no version"),
        (b'{"format": "labkit receipt", "version": 1' + b"0" * 99 + b"}", "no version"),
        (b'{"format": "labkit receipt"}', "no version"),
        (b'{"format": "labkit receipt", "version": true}', "no version"),
        (b'{"format": "labkit receipt", "version": 1}', "missing or too many"),
        (b"[" * 100_000 + b"]" * 100_000, "too deep|no JSON"),
    ],
)
def test_what_is_no_receipt_is_refused(data, problem):
    with pytest.raises(InvalidInputError, match=problem):
        read_receipt(data)


def test_a_key_is_written_in_one_way(text):
    key = json.loads(text)["key"].upper()
    with pytest.raises(InvalidInputError, match="signature is not good"):
        read_receipt(tamper(text, "key", value=key))


def test_a_newer_version_is_no_lie(text):
    with pytest.raises(NewerReceiptError, match=r"of version 2, and .* up to 1"):
        read_receipt(tamper(text, "version", value=2))


def test_who_signs_nonsense_gets_a_sentence(tmp_path):
    receipt = make_receipt(report=[])
    with pytest.raises(InvalidInputError, match="editions or its report are missing"):
        read_receipt(write_receipt(receipt, make_key(tmp_path)).encode())
    receipt = make_receipt(seed=7)
    with pytest.raises(InvalidInputError, match="missing or no text"):
        read_receipt(write_receipt(receipt, make_key(tmp_path)).encode())
