"""A registry's repository as a source of images."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.images.registry.model import ANONYMOUS, Credentials, Document, Settings
from labkit.images.registry.repository import Repository
from labkit.images.registry.resume import BlobStream
from labkit.images.registry.retry import Patience
from labkit.images.registry.session import open_sessions
from labkit.images.registry.transport import Transport
from labkit.spec.image import Descriptor

_BUFFER_BYTES = 1 << 20


class RegistrySource:
    """See ``labkit.images.transfer.Source``."""

    def __init__(self, repository: Repository, name: str) -> None:
        self._repository = repository
        self._name = name

    @property
    def repository(self) -> str:
        return "" if self._repository.is_mirror else self._name

    def find_digest(self, tag: str) -> Digest | None:
        return self._repository.find_digest(tag)

    def manifest(self, name: str | Digest) -> Document:
        return self._repository.manifest(name)

    def tags(self) -> tuple[str, ...]:
        return self._repository.tags()

    def open_blob(
        self,
        blob: Descriptor,
        patience: Patience,
        tell: Callable[[int], None],
        tell_wait: Callable[[int], None],
    ) -> BinaryIO:
        stream = BlobStream(self._repository, blob, patience, tell, tell_wait)
        return cast(BinaryIO, io.BufferedReader(stream, _BUFFER_BYTES))


def registry_sources(
    reference: Reference,
    settings: Settings,
    transport: Transport,
    credentials: Credentials = ANONYMOUS,
) -> Iterator[RegistrySource]:
    """Yield a source for each address at which a reference's registry answers.

    Raises:
        RegistryError: none does.
    """
    for session in open_sessions(reference.domain, settings, transport, credentials):
        yield RegistrySource(Repository(session, reference.path), reference.name)
