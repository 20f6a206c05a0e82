"""A blob on its way up.

Small ones go in one piece: ``POST`` gives a place, ``PUT`` fills it. Large ones go in
pieces by ``PATCH``, each from where the registry says it is: a piece that was cut is
asked after and sent again, not the whole. ``mount`` needs no bytes at all, if the
registry has the blob in another repository that we may read.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlencode, urljoin, urlsplit

from labkit.base.digest import Digest
from labkit.images.registry.failures import (
    MAX_BODY_BYTES,
    BrokenPromiseError,
    RefusedError,
    UnreachableError,
    refusal,
)
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience, Tell
from labkit.images.registry.transport import Answer, Body

PIECE_BYTES = 32 << 20
_OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Upload:
    """A blob to send: it can be opened as often as need be."""

    digest: Digest
    size: int
    open: Callable[[], BinaryIO] = field(repr=False)


def mount_blob(repository: Repository, digest: Digest, source: str) -> bool:
    """Ask a registry to take a blob from another of its repositories.

    Returns:
        Whether it did; otherwise nothing has changed.
    """
    query = urlencode({"mount": digest.text, "from": source})
    path = f"blobs/uploads/?{query}"
    with repository.ask("POST", path, source=source) as answer:
        answer.read_all(MAX_BODY_BYTES)
        if answer.status == 201:
            return True
        place = _place(answer) if answer.status == 202 else None
    if place is not None:  # it began an upload instead: not needed
        with repository.ask("DELETE", place) as answer:
            answer.read_all(MAX_BODY_BYTES)
    return False


def upload_blob(
    repository: Repository,
    upload: Upload,
    patience: Patience,
    tell: Callable[[int], None],
    tell_wait: Tell,
) -> None:
    """Send a blob, piece by piece, trying again where that may help.

    Raises:
        RegistryError: it could not be sent.
    """
    failures, at, place = 0, 0, ""
    while True:
        patience.check()
        try:
            if not place:
                place, at = _begin(repository), 0
            elif failures:
                place, at = _ask_after(repository, place)
            while upload.size - at > PIECE_BYTES:
                place, at = _send_piece(repository, upload, place, at, tell)
                failures = 0
                patience.check()
            _finish(repository, upload, place, at, tell)
            return
        except (UnreachableError, RefusedError) as error:
            is_final = isinstance(error, RefusedError) and not error.may_pass
            failures += 1
            if (is_final and not _is_lost(error)) or patience.is_over(failures):
                raise
            if _is_lost(error):
                place = ""
            patience.wait(failures, tell_wait)


def _is_lost(error: Exception) -> bool:
    """Say whether an upload must begin anew: the registry has forgotten it."""
    return isinstance(error, RefusedError) and error.code in (
        "BLOB_UPLOAD_UNKNOWN",
        "BLOB_UPLOAD_INVALID",
        "DIGEST_INVALID",  # some of it was taken twice
    )


def _begin(repository: Repository) -> str:
    with repository.ask("POST", "blobs/uploads/") as answer:
        said = answer.read_all(MAX_BODY_BYTES)
        if answer.status != 202:
            raise refusal(answer.status, said)
        return _place(answer)


def _ask_after(repository: Repository, place: str) -> tuple[str, int]:
    """Ask how far an upload has come."""
    with repository.ask("GET", place) as answer:
        said = answer.read_all(MAX_BODY_BYTES)
        if answer.status != 204:
            raise refusal(answer.status, said)
        return _place(answer), _reached(answer)


def _send_piece(
    repository: Repository,
    upload: Upload,
    place: str,
    at: int,
    tell: Callable[[int], None],
) -> tuple[str, int]:
    size = min(PIECE_BYTES, upload.size - at)
    headers = {
        "Content-Type": _OCTETS,
        "Content-Range": f"{at}-{at + size - 1}",
    }
    body = _piece(upload, at, size, tell)
    with repository.ask("PATCH", place, headers, body) as answer:
        said = answer.read_all(MAX_BODY_BYTES)
        if answer.status not in (201, 202, 204):
            raise refusal(answer.status, said)
        return _place(answer), at + size


def _finish(
    repository: Repository,
    upload: Upload,
    place: str,
    at: int,
    tell: Callable[[int], None],
) -> None:
    joint = "&" if urlsplit(place).query else "?"
    url = f"{place}{joint}{urlencode({'digest': upload.digest.text})}"
    body = _piece(upload, at, upload.size - at, tell)
    with repository.ask("PUT", url, {"Content-Type": _OCTETS}, body) as answer:
        said = answer.read_all(MAX_BODY_BYTES)
        if answer.status not in (201, 204):
            raise refusal(answer.status, said)


def _place(answer: Answer) -> str:
    location = answer.header("Location")
    if not location:
        raise BrokenPromiseError(
            f'{answer.request.method.capitalize()} "{answer.request.url}": '
            "the answer names no place for the upload"
        )
    place = urljoin(answer.request.url, location)
    if urlsplit(place).scheme not in ("http", "https"):
        raise BrokenPromiseError(f"cannot upload to {place!r}")
    return place


def _reached(answer: Answer) -> int:
    """Read ``Range: 0-99`` as one hundred bytes; an empty upload says ``0-0``."""
    last = answer.header("Range").rpartition("-")[2]
    reached = int(last) + 1 if last.isdecimal() and len(last) < 19 else 0
    return reached if reached > 1 else 0


def _piece(upload: Upload, at: int, size: int, tell: Callable[[int], None]) -> Body:
    def open_() -> BinaryIO:
        stream = upload.open()
        stream.seek(at)
        return _Piece(stream, at, size, tell)  # type: ignore[return-value]

    return Body(size, open_)


class _Piece(io.RawIOBase):
    """A part of a file, told of as it is read."""

    def __init__(
        self, stream: BinaryIO, at: int, size: int, tell: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._stream = stream
        self._at = at
        self._left = size
        self._tell = tell

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(data)
        self._at += len(data)
        self._tell(self._at)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()
