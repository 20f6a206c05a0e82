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
from labkit.base.files import sync_folder

FILE_NAME = "receipt-key.pem"
_MODE = 0o600
_FINGERPRINT_DIGITS = 32


def learner_key(home: Path) -> Ed25519PrivateKey:
    """Return the learner's key, which is made at the first call and kept.

    Raises:
        ForbiddenError: others may read it.
        InvalidInputError: it is no key.
    """
    path = home / FILE_NAME
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
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
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True


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
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise problem from error
    if not isinstance(key, Ed25519PrivateKey):
        raise problem
    return key
