"""What can go wrong with a registry, and the words for it.

    RegistryError          a registry did not do what we asked
    +- UnreachableError    nobody answered, or the answer broke off: try again
    +- NoCredentialsError  it wants to know who we are
    +- RefusedError        it answered, and said no: by ``code``, as it spells it
    +- BrokenPromiseError  it sent something else than it had promised

Clients of dockerd read the words of Go's HTTP client here; so they are ours, too:
``Get "http://lab:5000/v2/": dial tcp lab:5000: connect: connection refused``.
"""

import errno
import http
import http.client
import json
import socket
import ssl
from typing import Any

from labkit.base.errors import InternalError

MAX_BODY_BYTES = 64 << 10
_SHOWN_BYTES = 200


class RegistryError(InternalError):
    """A registry failed us; Docker answers 500 to all but a few of these."""


class UnreachableError(RegistryError):
    """Nobody answered, or the answer broke off."""


class BrokenPromiseError(RegistryError):
    """What came is not what was promised: a digest, a length, a kind of answer."""


class NoCredentialsError(RegistryError):
    """It wants a password, and we have none."""

    REASON = "no basic auth credentials"


class RefusedError(RegistryError):
    """The registry said no."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    @property
    def may_pass(self) -> bool:
        """Say whether asking again may help (RFC 9110, 15.6; 429 of RFC 6585)."""
        return self.status == 429 or self.status >= 500


def unreachable(method: str, url: str, error: Exception) -> UnreachableError:
    """Word a failed exchange as Go's HTTP client does."""
    return UnreachableError(f'{method.capitalize()} "{url}": {_reason(url, error)}')


def refusal(status: int, body: bytes) -> RefusedError:
    """Read what a registry says with a status of 400 or more."""
    try:
        errors = json.loads(body)["errors"]
        first = errors[0]
        code, message = str(first["code"]), str(first.get("message") or "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        if status == http.HTTPStatus.UNAUTHORIZED:  # HEAD has no body
            return unauthorized()
        return RefusedError(_unexpected(status, body), "", status)
    text = code.replace("_", " ").lower()
    shown = message[:_SHOWN_BYTES] or text
    return RefusedError(f"{text}: {shown}", code, status)


def unauthorized() -> RefusedError:
    """Return what a registry means by a 401 that has no body."""
    text = "unauthorized: authentication required"
    return RefusedError(text, "UNAUTHORIZED", http.HTTPStatus.UNAUTHORIZED)


def _unexpected(status: int, body: bytes) -> str:
    said = " ".join(body[:_SHOWN_BYTES].decode("utf-8", "replace").split())
    text = f"received unexpected HTTP status: {status} {_phrase(status)}".rstrip()
    return f"{text}: {said}" if said and status < 500 else text


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def _reason(url: str, error: Exception) -> str:
    host = url.split("/")[2]
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_x509(error)}"
    if isinstance(error, ssl.SSLError) and "WRONG_VERSION_NUMBER" in str(error):
        return "http: server gave HTTP response to HTTPS client"
    if isinstance(error, socket.gaierror):
        return f"dial tcp: lookup {host.rpartition(':')[0] or host}: no such host"
    if isinstance(error, ConnectionRefusedError):
        return f"dial tcp {_address(url)}: connect: connection refused"
    if isinstance(error, OSError) and error.errno in (
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
    ):
        return f"dial tcp {_address(url)}: connect: {str(error.strerror).lower()}"
    if isinstance(error, TimeoutError):
        return f"dial tcp {_address(url)}: i/o timeout"
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return "unexpected EOF"
    return str(error)


def _x509(error: ssl.SSLCertVerificationError) -> str:
    said: Any = error.verify_message
    if "self-signed" in said or "self signed" in said or "issuer" in said:
        return "certificate signed by unknown authority"
    return str(said)


def _address(url: str) -> str:
    scheme, _, host, *_ = url.split("/")
    name, colon, port = host.rpartition(":")
    if (name if colon else host) == "localhost":  # any other takes asking somebody
        local = socket.getaddrinfo("localhost", None)[0][4][0]
        host = f"[{local}]" if ":" in str(local) else str(local)
        host += colon + port if colon else ""
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else f"{host}:{443 if scheme == 'https:' else 80}"
