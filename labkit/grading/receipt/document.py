"""The receipt: its shape, its canonical bytes, its signature.

    {"format": "labkit receipt", "version": 1, "key": ..., "signature": ...,
     "signed": {"chapter", "editions", "issued", "labkit", "name", "observation",
                "report", "seed"}}

Signed are the canonical bytes of all but the signature: JSON with sorted keys and
without spaces, in ASCII. So a receipt may be indented anew on its way, and no more.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labkit.base.errors import InvalidInputError, LabError
from labkit.grading.probes import Observation
from labkit.grading.receipt.answers import read_observation, write_observation
from labkit.grading.receipt.key import fingerprint, is_signed_by, public_of, sign

FORMAT = "labkit receipt"
VERSION = 1
_HEAD = {"format", "version", "key", "signature", "signed"}
_KEY = re.compile("[0-9a-f]{64}")
_MOST_VERSION = 10**6
"""A number beyond it is no version but a joke, thousands of digits long."""


class NewerReceiptError(LabError):
    """The receipt is of a version that is not known here: nobody can say."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was graded, by whose account, and what was seen."""

    chapter: str
    issued: str
    labkit: str
    name: str
    seed: str
    editions: Mapping[str, str]
    observation: Observation
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt, and whose key has signed it."""

    receipt: Receipt
    key: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)


def write_receipt(receipt: Receipt, key: Ed25519PrivateKey) -> str:
    """Return a signed receipt as text."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "key": public_of(key),
        "signed": {
            "chapter": receipt.chapter,
            "editions": dict(receipt.editions),
            "issued": receipt.issued,
            "labkit": receipt.labkit,
            "name": receipt.name,
            "observation": write_observation(receipt.observation),
            "report": receipt.report,
            "seed": receipt.seed,
        },
    }
    document["signature"] = sign(key, _message(document))
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def read_receipt(data: bytes) -> SignedReceipt:
    """Read a receipt whose signature is good.

    Raises:
        InvalidInputError: it is no receipt, or not as it was when it was signed.
        NewerReceiptError: it is of a version that is not known here.
    """
    try:
        return _read_document(_parse(data))
    except RecursionError as error:
        raise InvalidInputError("it is nested too deep") from error


def _read_document(document: dict[str, Any]) -> SignedReceipt:
    if document.get("format") != FORMAT:
        raise InvalidInputError("it is no receipt of labkit's")
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= _MOST_VERSION:
        raise InvalidInputError("it has no version")
    if version > VERSION:
        raise NewerReceiptError(
            f"it is of version {version}, and this labkit reads up to {VERSION}: "
            "use a newer one"
        )
    if set(document) != _HEAD:
        raise InvalidInputError("it has parts missing or too many")
    _check_signature(document)
    return SignedReceipt(_read_signed(document["signed"]), document["key"])


def canonical_bytes(document: Any) -> bytes:
    """Return the one way to write a document."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def _message(document: Mapping[str, Any]) -> bytes:
    return canonical_bytes({k: v for k, v in document.items() if k != "signature"})


def _check_signature(document: Mapping[str, Any]) -> None:
    key, signature = document["key"], document["signature"]
    if not (isinstance(key, str) and isinstance(signature, str)):
        raise InvalidInputError("its key or signature is no text")
    if not _KEY.fullmatch(key) or not is_signed_by(key, _message(document), signature):
        raise InvalidInputError(
            "its signature is not good: it was changed after it was signed"
        )


def _parse(data: bytes) -> dict[str, Any]:
    try:
        # Some editors put a mark of the encoding before it.
        document = _load(data.decode("utf-8-sig"))
    except ValueError as error:
        reason = "it ends too early, or is no JSON"
        if isinstance(error, _AmbiguousError):
            reason = str(error)
        raise InvalidInputError(reason) from error
    if not isinstance(document, dict):
        raise InvalidInputError("it is no receipt of labkit's")
    return document


class _AmbiguousError(ValueError):
    """Two readers would see two different documents."""


def _load(text: str) -> Any:
    document = json.loads(
        text,
        object_pairs_hook=_without_doubles,
        parse_float=_finite,
        parse_constant=_no_constant,
    )
    if "\\ud" in text.lower():
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise _AmbiguousError("it has half a character in it") from error
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _AmbiguousError("it has a key twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _AmbiguousError("it has a number that is too large")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON's")


def _read_signed(signed: Any) -> Receipt:
    """Read what its maker has signed: even so it may be anything."""
    if not isinstance(signed, dict):
        raise InvalidInputError("it has parts missing or too many")
    texts = ("chapter", "issued", "labkit", "name", "seed")
    if not all(isinstance(signed.get(name), str) for name in texts):
        raise InvalidInputError(f"one of {', '.join(texts)} is missing or no text")
    editions, report = signed.get("editions"), signed.get("report")
    if not isinstance(editions, dict) or not isinstance(report, dict):
        raise InvalidInputError("its editions or its report are missing")
    return Receipt(
        **{name: signed[name] for name in texts},
        editions=editions,
        observation=read_observation(signed.get("observation")),
        report=report,
    )
