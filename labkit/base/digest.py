"""Content digests: ``sha256:<64 hex>``, the name of a blob, a layer or an image."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Self

from labkit.base.errors import InvalidInputError

_GRAMMAR = re.compile(r"sha256:[0-9a-f]{64}")
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A verified spelling of ``algorithm:hex`` (OCI image spec, descriptor.md)."""

    text: str

    def __post_init__(self) -> None:
        if not _GRAMMAR.fullmatch(self.text):
            raise InvalidInputError(f"invalid digest {self.text!r}")

    @property
    def hex(self) -> str:
        return self.text.partition(":")[2]

    @property
    def short(self) -> str:
        """Return the first twelve hex digits, as Docker prints ids."""
        return self.hex[:12]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, data: bytes) -> Self:
        return cls("sha256:" + hashlib.sha256(data).hexdigest())

    @classmethod
    def of_stream(cls, stream: BinaryIO) -> Self:
        """Digest all that is left in a stream, without holding it in memory."""
        total = hashlib.sha256()
        while chunk := stream.read(_CHUNK_BYTES):
            total.update(chunk)
        return cls("sha256:" + total.hexdigest())


def chain_id(diff_ids: Iterable[Digest]) -> Digest:
    """Name a stack of layers (OCI image spec, config.md, "Layer ChainID")."""
    chain: Digest | None = None
    for diff_id in diff_ids:
        chain = diff_id if chain is None else Digest.of(f"{chain} {diff_id}".encode())
    if chain is None:
        raise InvalidInputError("an empty stack of layers has no chain id")
    return chain
