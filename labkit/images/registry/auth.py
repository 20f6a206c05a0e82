"""Answering a registry that asks who we are.

    GET manifest                     -> 401 Bearer realm="https://auth.example/token",...
    GET https://auth.example/token   -> {"token": "..."}      with our password, if any
    GET manifest, Bearer ...         -> 200

A token is good for one *scope* (a repository, and what may be done with it) and kept
until the registry no longer takes it. ``Basic`` needs no second party: the password
goes to the registry with every request.

A realm is an address that the registry chose. We send it the password as Docker does,
but not over plain http if the registry itself was asked by https.
"""

import base64
import json
import threading
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from labkit.images.registry.challenge import Challenge
from labkit.images.registry.failures import (
    MAX_BODY_BYTES,
    BrokenPromiseError,
    NoCredentialsError,
    RegistryError,
    refusal,
)
from labkit.images.registry.model import Credentials
from labkit.images.registry.transport import Body, Request, Transport

_CLIENT = "labkit"
Scopes = tuple[str, ...]


class Authorizer:
    """Keeps what one registry takes from one person."""

    def __init__(self, transport: Transport, credentials: Credentials) -> None:
        self._transport = transport
        self._credentials = credentials
        self._guard = threading.Lock()
        self._known: dict[Scopes, str] = {}

    def headers(self, scopes: Scopes) -> Mapping[str, str]:
        """Return what to send along; nothing as long as nobody has asked."""
        with self._guard:
            known = self._known.get(scopes)
        return {"Authorization": known} if known else {}

    def answer(
        self, request: Request, challenges: Sequence[Challenge], scopes: Scopes
    ) -> None:
        """Find out what a registry wants to see for a request that it refused.

        Raises:
            RegistryError: there is nothing to show, or it isn't taken.
        """
        by_scheme = {challenge.scheme: challenge for challenge in challenges}
        if bearer := by_scheme.get("bearer"):
            found = f"Bearer {self._token(request, bearer, scopes)}"
        elif "basic" in by_scheme:
            found = self._basic(request)
        else:
            raise RegistryError(
                f'{request.method.capitalize()} "{request.url}": '
                "unauthorized: authentication required"
            )
        with self._guard:
            self._known[scopes] = found

    def _basic(self, request: Request) -> str:
        if not self._credentials.has_password:
            raise NoCredentialsError(
                f'{request.method.capitalize()} "{request.url}": '
                f"{NoCredentialsError.REASON}"
            )
        return basic(self._credentials)

    def _token(self, request: Request, challenge: Challenge, scopes: Scopes) -> str:
        if self._credentials.registry_token:
            return self._credentials.registry_token
        question = self._question(request, challenge, scopes)
        with self._transport.exchange(question) as answer:
            body = answer.read_all(MAX_BODY_BYTES)
            if answer.status != 200:
                raise refusal(answer.status, body)
        try:
            document = json.loads(body)
            token = document.get("token") or document.get("access_token")
        except (ValueError, AttributeError, RecursionError):
            token = None
        if not isinstance(token, str) or not token.isprintable():
            raise BrokenPromiseError(
                f'Get "{question.url}": authorization server did not include a token '
                "in the response"
            )
        return token

    def _question(
        self, request: Request, challenge: Challenge, scopes: Scopes
    ) -> Request:
        realm = challenge.parameters.get("realm", "")
        parts = urlsplit(realm)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BrokenPromiseError(
                f'{request.method.capitalize()} "{request.url}": '
                f"invalid realm {realm!r}"
            )
        is_bare = parts.scheme == "http" and request.url.startswith("https:")
        if is_bare and not self._credentials.are_empty:
            raise BrokenPromiseError(
                f'{request.method.capitalize()} "{request.url}": refused to send a '
                f"password to {realm!r}: it is plain http"
            )
        fields = [("scope", scope) for scope in scopes]
        if service := challenge.parameters.get("service"):
            fields.insert(0, ("service", service))
        if self._credentials.identity_token:
            return _exchange_identity(realm, fields, self._credentials)
        headers = {}
        if self._credentials.has_password:
            fields.insert(0, ("account", self._credentials.username))
            headers["Authorization"] = basic(self._credentials)
        joint = "&" if parts.query else "?"
        return Request("GET", f"{realm}{joint}{urlencode(fields)}", headers)


def basic(credentials: Credentials) -> str:
    """Spell a name and a password (RFC 7617)."""
    pair = f"{credentials.username}:{credentials.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _exchange_identity(
    realm: str, fields: list[tuple[str, str]], credentials: Credentials
) -> Request:
    """Ask by OAuth2 for the token that an identity token stands for."""
    scopes = " ".join(value for name, value in fields if name == "scope")
    form = [pair for pair in fields if pair[0] != "scope"]
    form += [
        ("scope", scopes),
        ("grant_type", "refresh_token"),
        ("refresh_token", credentials.identity_token),
        ("client_id", _CLIENT),
    ]
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", realm, kind, Body.of(urlencode(form).encode()))
