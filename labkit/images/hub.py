"""Where images come from and go to: registries, and the folder that came along.

Without a network, names of Docker Hub are found among the bundled images; what is not
there is asked of the registry. ``upstream_first`` turns that round. Either way the
second is asked when the first has nothing; a name of another registry is asked there
only. Bundled images for another kind of machine lie beside ours, in a folder named
after it: ``images`` and ``arm64/images``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from labkit.base.errors import InvalidInputError, LabError, NotFoundError
from labkit.base.machine import host_architecture
from labkit.base.reference import DEFAULT_DOMAIN, Reference, parse_reference
from labkit.images.bundled import NotBundledError, find_bundled
from labkit.images.catalog import parse_config
from labkit.images.manifests import parse_document
from labkit.images.model import Image
from labkit.images.platforms import host_platform, matches, spell
from labkit.images.pull import fetch_config
from labkit.images.registry.failures import (
    BrokenPromiseError,
    RegistryError,
    UnreachableError,
)
from labkit.images.registry.model import ANONYMOUS, Credentials, Document, Settings
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience
from labkit.images.registry.session import log_in, open_sessions
from labkit.images.registry.transport import Transport
from labkit.images.store import ImageStore
from labkit.images.transfer import (
    PullBegun,
    PullEnded,
    PullWarning,
    PushEnded,
    Source,
    Tell,
    TransferEvent,
)
from labkit.images.upstream import registry_sources
from labkit.spec.image import Index, Platform

EDITION_LABEL = "io.labkit.edition"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be pulled, for whom. No tag and no digest means all tags."""

    reference: Reference
    platform: Platform | None = None
    credentials: Credentials = ANONYMOUS

    @property
    def wants_all(self) -> bool:
        return self.reference.tag is None and self.reference.digest is None


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a registry says of a name: the top document, and for which platforms."""

    document: Document
    media_type: str
    platforms: tuple[Platform, ...]


class UnfoundError(RegistryError):
    """Nobody has it: ``cause`` is what the registry said.

    ``was_bundled_asked`` tells whether the bundled images were looked through, too.
    """

    def __init__(self, cause: LabError, was_bundled_asked: bool) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.was_bundled_asked = was_bundled_asked


@dataclass(frozen=True, slots=True)
class Hub:
    """All sources, as settings order them; may be used from any thread."""

    store: ImageStore
    settings: Settings = field(default_factory=Settings)
    bundled: tuple[Path, ...] = ()
    upstream_first: bool = False

    def pull(self, wish: Wish, patience: Patience, tell: Tell) -> tuple[PullEnded, ...]:
        """Pull from the first source that has what is wanted.

        Raises:
            UnfoundError: none has.
            LabError: one has, but it could not be had.
        """

        def attempt(source: Source, tell: Tell) -> tuple[PullEnded, ...]:
            return tuple(
                self._pull_one(source, replace(wish, reference=one), patience, tell)
                for one in _expand(wish, source)
            )

        try:
            return self._first(wish, attempt, tell)
        except UnfoundError as error:
            known = self._known_bundled(wish, error)
            if known is None:
                raise
        tell(PullBegun(wish.reference))
        tell(known)
        return (known,)

    def push(
        self,
        images: Iterable[tuple[Reference, Image]],
        credentials: Credentials,
        patience: Patience,
        tell: Tell,
    ) -> tuple[PushEnded, ...]:
        """Push images of one repository, each under its reference.

        Raises:
            RegistryError: nobody answers there, or it does not take them.
        """
        todo = list(images)
        domain, path = todo[0][0].domain, todo[0][0].path
        transport = Transport(self.settings)
        ended = []
        try:
            for session in open_sessions(
                domain, self.settings, transport, credentials, with_mirrors=False
            ):
                repository = Repository(session, path, "pull,push")
                for reference, image in todo:
                    ended.append(
                        self.store.push(repository, image, reference, patience, tell)
                    )
                    tell(ended[-1])
        finally:
            transport.close()
        return tuple(ended)

    def log_in(self, domain: str, credentials: Credentials) -> None:
        """See whether a registry takes a name and a password."""
        log_in(domain, self.settings, credentials)

    def inspect(self, wish: Wish, patience: Patience) -> Distribution:
        """Say what a name stands for, without pulling it."""

        def attempt(source: Source, tell: Tell) -> Distribution:
            reference = wish.reference
            tag = reference.tag or ""
            name = reference.digest or source.find_digest(tag) or tag
            document = source.manifest(name)
            tell(PullBegun(reference))
            return _describe(source, document, patience)

        return self._first(wish, attempt, lambda _: None)

    # -- the inside

    def _first(self, wish: Wish, attempt: Callable[[Source, Tell], T], tell: Tell) -> T:
        """Try source after source, until one has begun to tell."""
        failures: list[LabError] = []
        transport = Transport(self.settings)
        try:
            for source in self._sources(wish, transport, failures):
                begun = _Begun(tell)
                try:
                    return attempt(source, begun)
                except (RegistryError, NotFoundError) as error:
                    if begun.is_so:
                        raise
                    failures.append(error)
        finally:
            transport.close()
        real = [one for one in failures if not isinstance(one, NotBundledError)]
        raise UnfoundError((real or failures)[-1], self._asks_bundled(wish))

    def _sources(
        self, wish: Wish, transport: Transport, failures: list[LabError]
    ) -> Iterator[Source]:
        order = [self._upstream, self._bundled]
        for find in order if self.upstream_first else reversed(order):
            try:
                yield from find(wish, transport)
            except RegistryError as error:
                failures.append(error)

    def _upstream(self, wish: Wish, transport: Transport) -> Iterator[Source]:
        yield from registry_sources(
            wish.reference, self.settings, transport, wish.credentials
        )

    def _bundled(self, wish: Wish, transport: Transport) -> Iterator[Source]:
        if self._asks_bundled(wish):
            for folder in self._folders(wish.platform or host_platform()):
                source = find_bundled(folder, wish.reference)
                if source is not None:
                    yield source

    def _folders(self, platform: Platform) -> tuple[Path, ...]:
        """Return where to look, the machine's own images last if others are wanted."""
        named = platform.architecture
        if named == host_architecture() or not named.isalnum():  # no way to a folder
            return self.bundled
        others = (folder.parent / named / folder.name for folder in self.bundled)
        return (*others, *self.bundled)

    def _asks_bundled(self, wish: Wish) -> bool:
        return bool(self.bundled) and wish.reference.domain == DEFAULT_DOMAIN

    def _pull_one(
        self, source: Source, wish: Wish, patience: Patience, tell: Tell
    ) -> PullEnded:
        wanted = wish.platform or host_platform()
        ended = self.store.pull(source, wish.reference, wanted, patience, tell)
        config = ended.image.config
        found = Platform(config.architecture, config.os, config.variant)
        tell(ended)
        if wish.platform is not None and not matches(found, wanted):
            tell(PullWarning(wish.reference, spell(wanted), spell(found)))
        return ended

    def _known_bundled(self, wish: Wish, error: UnfoundError) -> PullEnded | None:
        """Return a bundled image that the engine has, if no one else can be asked."""
        is_offline = isinstance(error.cause, UnreachableError)
        if not is_offline or wish.wants_all or wish.reference.domain != DEFAULT_DOMAIN:
            return None
        try:
            image = self.store.resolve(wish.reference.familiar)
        except NotFoundError:
            return None
        if EDITION_LABEL not in image.config.config.labels:
            return None
        digests = [
            one.digest for one in image.repo_digests if one.name == wish.reference.name
        ]
        return PullEnded(wish.reference, next(iter(digests), None), image, is_new=False)


class _Begun:
    """Hears whether a source has had what was wanted."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.is_so = False

    def __call__(self, event: TransferEvent) -> None:
        self.is_so = True
        self._tell(event)


def _expand(wish: Wish, source: Source) -> Iterator[Reference]:
    if not wish.wants_all:
        yield wish.reference
        return
    for tag in source.tags():
        try:
            yield parse_reference(f"{wish.reference.name}:{tag}")
        except InvalidInputError as error:
            raise BrokenPromiseError(
                f"the registry lists {tag!r}, which is no tag"
            ) from error


def _describe(source: Source, document: Document, patience: Patience) -> Distribution:
    parsed = parse_document(document)
    media_type = parsed.media_type or document.media_type
    if isinstance(parsed, Index):
        named = (descriptor.platform for descriptor in parsed.manifests)
        return Distribution(document, media_type, tuple(one for one in named if one))
    config = parse_config(fetch_config(source, parsed.config, patience))
    platform = Platform(config.architecture, config.os, config.variant)
    return Distribution(document, media_type, (platform,))
