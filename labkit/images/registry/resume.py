"""A blob as a stream that survives cuts.

Whoever reads it sees one file of exactly the promised length. When the connection
breaks, it is asked for again from where it broke (``Range``); a registry that can't do
that sends all of it, and what we have already is passed over. Only failures in a row
count: as long as bytes come, it goes on.
"""

import io
from collections.abc import Callable
from contextlib import ExitStack

from labkit.images.registry.failures import (
    BrokenPromiseError,
    RefusedError,
    UnreachableError,
)
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience, Tell
from labkit.images.registry.transport import Answer
from labkit.spec.image import Descriptor

_CHUNK_BYTES = 1 << 18


class BlobStream(io.RawIOBase):
    """Reads a blob to its end; close it."""

    def __init__(
        self,
        repository: Repository,
        blob: Descriptor,
        patience: Patience,
        tell: Callable[[int], None],
        tell_wait: Tell,
    ) -> None:
        super().__init__()
        self._repository = repository
        self._blob = blob
        self._patience = patience
        self._tell = tell
        self._tell_wait = tell_wait
        self._at = 0
        self._failures = 0
        self._stack = ExitStack()
        self._answer: Answer | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Read what has come, at most so much; nothing at the blob's end.

        Raises:
            RegistryError: it could not be had, or it is longer than promised.
        """
        wanted = _CHUNK_BYTES if size is None or size < 0 else size
        while True:
            self._patience.check()
            try:
                data = self._read(wanted)
            except (UnreachableError, RefusedError) as error:
                self._give_up_or_wait(error)
                continue
            if data:
                self._failures = 0
                self._at += len(data)
                self._tell(self._at)
            return data

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, size: int) -> bytes:
        if self._answer is None:
            self._answer = self._open()
        left = self._blob.size - self._at
        data = self._answer.read(min(size, left) or 1)
        if len(data) > left:
            raise BrokenPromiseError(
                f"blob {self._blob.digest} is longer than the {self._blob.size} bytes "
                "that were promised"
            )
        if not data and left:
            raise UnreachableError(
                f"blob {self._blob.digest} broke off after {self._at} of "
                f"{self._blob.size} bytes: unexpected EOF"
            )
        return data

    def _open(self) -> Answer:
        answer, begin = self._stack.enter_context(
            self._repository.open_blob(self._blob, self._at)
        )
        while begin < self._at:
            passed = answer.read(min(_CHUNK_BYTES, self._at - begin))
            if not passed:
                raise UnreachableError(
                    f"blob {self._blob.digest} broke off: unexpected EOF"
                )
            begin += len(passed)
        return answer

    def _give_up_or_wait(self, error: UnreachableError | RefusedError) -> None:
        self._drop()
        self._failures += 1
        is_final = isinstance(error, RefusedError) and not error.may_pass
        if is_final or self._patience.is_over(self._failures):
            raise error
        self._patience.wait(self._failures, self._tell_wait)

    def _drop(self) -> None:
        """Let go of the connection, in whatever state it is."""
        self._answer = None
        self._stack.close()
