"""The learner's key: Ed25519, made when it is first needed, readable by them alone."""

import contextlib
import hashlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from labkit.base.errors import ForbiddenError, InvalidInputError
from labkit.base.files import read_regular, sync_folder

FILE_NAME = "receipt-key.pem"
_MODE = 0o600
_FINGERPRINT_DIGITS = 32
_FIELD = 2**255 - 19
_ORDER_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "little",
)
_WEAK = frozenset({0, 1, _FIELD - 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT})
"""The y of all eight points whose order divides eight."""


def learner_key(home: Path) -> Ed25519PrivateKey:
    """Return the learner's key, which is made at the first call and kept.

    Raises:
        ForbiddenError: others may read it.
        InvalidInputError: it is no key.
    """
    path = home / FILE_NAME
    if not os.path.lexists(path):
        _make(path)
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ForbiddenError(
            f"the key {path} can be read by others: `chmod 600 {path}` if nobody did, "
            "or remove it to get a new one"
        )
    return _read(path)


def has_key(home: Path) -> bool:
    """Say whether the learner has a key already."""
    return (home / FILE_NAME).is_file()


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """Return the signature of a message, in hexadecimal."""
    return key.sign(message).hex()


def public_of(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key, in hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def is_signed_by(public: str, message: bytes, signature: str) -> bool:
    """Say whether who holds a key has signed a message."""
    if _is_weak(public):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _is_weak(public: str) -> bool:
    """Say whether a key is of small order: one signature of it is good for anything.

    OpenSSL takes such keys (RFC 8032, section 5.1.7, asks for no check). A point's
    sign is the topmost bit and makes it no stronger.
    """
    number = int.from_bytes(bytes.fromhex(public), "little") & (1 << 255) - 1
    return number % _FIELD in _WEAK


def fingerprint(public: str) -> str:
    """Return what people compare: 128 bits of the key's digest, in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:_FINGERPRINT_DIGITS]


def _make(path: Path) -> None:
    """Make a key whole or not at all; of two who make one, the first one's stays."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(pem)
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _read(path: Path) -> Ed25519PrivateKey:
    problem = InvalidInputError(
        f"{path} is no Ed25519 key: put it back from a copy, or remove it to get a new "
        "one (receipts of the old one stay good)"
    )
    try:
        pem = read_regular(path) or b""
        key = serialization.load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise problem from error
    if not isinstance(key, Ed25519PrivateKey):
        raise problem
    return key
