"""Registries without a network: a shelf of names, and failures on demand."""

from collections.abc import AsyncGenerator, Sequence

from labkit.base.digest import Digest
from labkit.base.errors import LabError
from labkit.base.reference import Reference
from labkit.images.hub import Distribution, UnfoundError, Wish
from labkit.images.model import Image
from labkit.images.registry.failures import RefusedError
from labkit.images.registry.model import Credentials, Document
from labkit.images.transfer import (
    LayerStep,
    PullBegun,
    PullEnded,
    PushEnded,
    Stage,
    TransferEvent,
)
from labkit.spec.image import DOCKER_MANIFEST, Platform
from tests.contract.fakes.images import FakeImages

LAYER = Digest.of(b"layer")
MANIFEST = Digest.of(b"manifest")


class FakeRegistries:
    """``shelf`` holds the familiar names that can be pulled."""

    def __init__(self, images: FakeImages) -> None:
        self.images = images
        self.shelf: set[str] = set()
        self.asked: list[Wish] = []
        self.logins: list[tuple[str, Credentials]] = []
        self.pushed: list[str] = []
        self.failure: LabError | None = None  # after something was told
        self.refusal: LabError | None = None  # before

    async def pull(self, wish: Wish) -> AsyncGenerator[TransferEvent, None]:
        self.asked.append(wish)
        if self.refusal:
            raise self.refusal
        name = wish.reference.familiar
        if name not in self.shelf:
            cause = RefusedError(
                "manifest unknown: manifest unknown", "MANIFEST_UNKNOWN", 404
            )
            raise UnfoundError(cause, was_bundled_asked=False)
        yield PullBegun(wish.reference)
        known = [
            one for one in self.images.images.values() if wish.reference in one.names
        ]
        yield LayerStep(LAYER, Stage.EXISTS if known else Stage.FOUND)
        if self.failure:
            raise self.failure
        if not known:
            yield LayerStep(LAYER, Stage.DOWNLOADING, 5, 10)
            yield LayerStep(LAYER, Stage.PULLED)
        image = known[0] if known else self.images.put(name)
        yield PullEnded(wish.reference, MANIFEST, image, is_new=not known)

    async def push(
        self, images: Sequence[tuple[Reference, Image]], credentials: Credentials
    ) -> AsyncGenerator[TransferEvent, None]:
        for reference, _ in images:
            yield LayerStep(LAYER, Stage.PREPARING)
            if self.failure:
                raise self.failure
            yield LayerStep(LAYER, Stage.MOUNTED, where="other/repository")
            self.pushed.append(reference.familiar)
            yield PushEnded(reference, MANIFEST, 527)

    async def log_in(self, domain: str, credentials: Credentials) -> None:
        if self.refusal:
            raise self.refusal
        self.logins.append((domain, credentials))

    async def inspect(self, wish: Wish) -> Distribution:
        self.asked.append(wish)
        if self.refusal:
            raise self.refusal
        document = Document(Digest.of(b"{}"), DOCKER_MANIFEST, b"{}")
        platforms = (Platform("amd64", "linux"), Platform("arm64", "linux", "v8"))
        return Distribution(document, DOCKER_MANIFEST, platforms)
