"""Sessions and repositories for tests, closed in the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from labkit.images.registry.model import ANONYMOUS, Credentials, Settings
from labkit.images.registry.repository import Repository
from labkit.images.registry.session import Session, open_sessions
from labkit.images.registry.transport import Transport


@contextmanager
def open_session(
    host: str, credentials: Credentials = ANONYMOUS, settings: Settings | None = None
) -> Iterator[Session]:
    settings = settings or Settings()
    transport = Transport(settings, read_seconds=10)
    try:
        yield next(open_sessions(host, settings, transport, credentials))
    finally:
        transport.close()


@contextmanager
def open_repository(
    host: str,
    path: str = "team/app",
    credentials: Credentials = ANONYMOUS,
    actions: str = "pull,push",
) -> Iterator[Repository]:
    with open_session(host, credentials) as session:
        yield Repository(session, path, actions)
