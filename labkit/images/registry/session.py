"""A registry that was found: every question goes to it from here.

``open_sessions`` greets one address after another (``GET /v2/``), as some may not
answer; whoever asks takes the first that has what is wanted.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from labkit.images.registry.auth import Authorizer, Scopes
from labkit.images.registry.challenge import parse_challenges
from labkit.images.registry.endpoints import find_endpoints
from labkit.images.registry.failures import (
    MAX_BODY_BYTES,
    RefusedError,
    RegistryError,
    refusal,
)
from labkit.images.registry.model import ANONYMOUS, Credentials, Endpoint, Settings
from labkit.images.registry.transport import Answer, Body, Request, Transport

_GREETING = "/v2/"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a registry: a path below its address, or a whole URL."""

    method: str
    path: str
    scopes: Scopes = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None


class Session:
    """One registry at one address, asked by one person; for many threads."""

    def __init__(
        self, endpoint: Endpoint, transport: Transport, credentials: Credentials
    ) -> None:
        self.endpoint = endpoint
        self._transport = transport
        self._authorizer = Authorizer(transport, credentials)

    def greet(self) -> None:
        """See that a registry is there; it may well ask who we are.

        Raises:
            RegistryError: nobody is, or it is no registry.
        """
        request = Request("GET", self.endpoint.url + _GREETING)
        with self._transport.exchange(request) as answer:
            body = answer.read_all(MAX_BODY_BYTES)
            if answer.status not in (200, 401):
                raise refusal(answer.status, body)

    @contextmanager
    def ask(self, ask: Ask) -> Iterator[Answer]:
        """Ask, after saying who we are if need be; any status may come.

        Raises:
            RegistryError: nobody answers, or it doesn't take us for who we are.
        """
        request = self._request(ask)
        with self._transport.exchange(request) as answer:
            if answer.status != 401:
                yield answer
                return
            challenges = parse_challenges(answer.headers("WWW-Authenticate"))
            answer.read_all(MAX_BODY_BYTES)
        self._authorizer.answer(request, challenges, ask.scopes)
        with self._transport.exchange(self._request(ask)) as answer:
            yield answer

    def _request(self, ask: Ask) -> Request:
        is_whole = ask.path.startswith(("http://", "https://"))
        url = ask.path if is_whole else self.endpoint.url + ask.path
        headers = dict(ask.headers)
        if url.startswith(f"{self.endpoint.scheme}://{self.endpoint.host}/"):
            headers |= self._authorizer.headers(ask.scopes)
        return Request(ask.method, url, headers, ask.body)


def open_sessions(
    domain: str,
    settings: Settings,
    transport: Transport,
    credentials: Credentials = ANONYMOUS,
    with_mirrors: bool = True,
) -> Iterator[Session]:
    """Yield the registry at each address where one answers.

    Raises:
        RegistryError: at the end, if none did: why the last one failed.
    """
    failure: RegistryError | None = None
    for endpoint in find_endpoints(domain, settings, with_mirrors):
        theirs = ANONYMOUS if endpoint.is_mirror else credentials
        session = Session(endpoint, transport, theirs)
        try:
            session.greet()
        except RegistryError as error:
            failure = error
            continue
        failure = None
        yield session
        if not endpoint.is_mirror:
            return  # https has answered: nobody is asked by http as well
    if failure is not None:
        raise failure


def log_in(domain: str, settings: Settings, credentials: Credentials) -> None:
    """See whether a registry takes a name and a password.

    Raises:
        RefusedError: it does not.
    """
    transport = Transport(settings)
    try:
        for session in open_sessions(
            domain, settings, transport, credentials, with_mirrors=False
        ):
            _log_in(session)
    finally:
        transport.close()


def _log_in(session: Session) -> None:
    with session.ask(Ask("GET", _GREETING)) as answer:
        body = answer.read_all(MAX_BODY_BYTES)
        if answer.status == 401:
            url = session.endpoint.url + _GREETING
            raise RefusedError(
                f"login attempt to {url} failed with status: 401 Unauthorized",
                "UNAUTHORIZED",
                401,
            )
        if answer.status != 200:
            raise refusal(answer.status, body)
