import os
import stat
import threading

import pytest

from labkit.base.errors import ForbiddenError, InvalidInputError
from labkit.grading.receipt.key import (
    FILE_NAME,
    fingerprint,
    has_key,
    is_signed_by,
    learner_key,
    public_of,
    sign,
)


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    home = tmp_path / "home"
    assert not has_key(home)
    key = learner_key(home)
    assert has_key(home)
    assert stat.S_IMODE((home / FILE_NAME).stat().st_mode) == 0o600
    assert public_of(learner_key(home)) == public_of(key)
    assert [path.name for path in home.iterdir()] == [FILE_NAME]


def test_two_who_make_one_at_once_get_the_same(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(public_of(learner_key(tmp_path))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_that_others_may_read_is_refused(tmp_path):
    learner_key(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)
    with pytest.raises(ForbiddenError, match="can be read by others: `chmod 600"):
        learner_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\x00"])
def test_a_damaged_key_is_said_to_be_none(tmp_path, content):
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InvalidInputError, match="is no Ed25519 key"):
        learner_key(tmp_path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: os.mkfifo(path, 0o600),
        lambda path: path.mkdir(0o700),
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.symlink_to(path.name),
    ],
)
def test_what_is_no_file_is_no_key(tmp_path, make):
    make(tmp_path / FILE_NAME)
    with pytest.raises(InvalidInputError, match="is no Ed25519 key"):
        learner_key(tmp_path)


@pytest.mark.parametrize(
    "public",
    [
        "01" + "00" * 31,
        "00" * 31 + "80",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "ff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ],
)
def test_a_key_whose_signature_is_good_for_anything_is_no_key(public):
    one = "01" + "00" * 31
    forged = [f"{first}{'00' * 32}" for first in (one, public)]
    messages = [f"message {number}".encode() for number in range(32)]
    assert not any(
        is_signed_by(public, message, signature)
        for message in messages
        for signature in forged
    )


def test_a_signature_is_good_for_its_message_and_key_only(tmp_path):
    key = learner_key(tmp_path / "a")
    other = public_of(learner_key(tmp_path / "b"))
    signature = sign(key, b"message")
    assert is_signed_by(public_of(key), b"message", signature)
    assert not is_signed_by(public_of(key), b"massage", signature)
    assert not is_signed_by(other, b"message", signature)
    assert not is_signed_by(public_of(key), b"message", "no hex")
    assert not is_signed_by("00", b"message", signature)
    assert fingerprint(other) != fingerprint(public_of(key))
    assert len(fingerprint(other)) == 32
