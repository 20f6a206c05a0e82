"""Words for what goes wrong, as Go's HTTP client has them."""

import errno
import http.client
import socket
import ssl

import pytest

from labkit.images.registry.failures import refusal, unauthorized, unreachable

URL = "https://lab.example:5000/v2/"


def certificate_error(said: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "failed")
    error.verify_message = said
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ConnectionRefusedError(),
            "dial tcp lab.example:5000: connect: connection refused",
        ),
        (socket.gaierror(-2, "?"), "dial tcp: lookup lab.example: no such host"),
        (TimeoutError(), "dial tcp lab.example:5000: i/o timeout"),
        (
            OSError(errno.ENETUNREACH, "Network is unreachable"),
            "dial tcp lab.example:5000: connect: network is unreachable",
        ),
        (http.client.IncompleteRead(b""), "unexpected EOF"),
        (ConnectionResetError(), "unexpected EOF"),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version"),
            "http: server gave HTTP response to HTTPS client",
        ),
        (
            certificate_error("unable to get local issuer certificate"),
            "tls: failed to verify certificate: x509: certificate signed by unknown "
            "authority",
        ),
        (
            certificate_error("certificate has expired"),
            "tls: failed to verify certificate: x509: certificate has expired",
        ),
        (OSError(5, "odd"), "[Errno 5] odd"),
    ],
)
def test_words_a_failed_exchange(error: Exception, words: str) -> None:
    assert str(unreachable("GET", URL, error)) == f'Get "{URL}": {words}'


def test_adds_the_port_that_a_scheme_stands_for() -> None:
    said = str(unreachable("HEAD", "http://lab/v2/", ConnectionRefusedError()))
    assert said == 'Head "http://lab/v2/": dial tcp lab:80: connect: connection refused'


def test_reads_what_a_registry_says() -> None:
    body = b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}'
    found = refusal(404, body)
    assert (str(found), found.code) == (
        "manifest unknown: manifest unknown",
        "MANIFEST_UNKNOWN",
    )
    assert str(refusal(403, b'{"errors":[{"code":"DENIED"}]}')) == "denied: denied"
    assert str(unauthorized()) == "unauthorized: authentication required"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"errors":[]}', b'{"errors":[1]}', b"[" * 9999]
)
def test_says_the_status_where_the_registry_says_nothing(body: bytes) -> None:
    found = refusal(502, body)
    assert str(found) == "received unexpected HTTP status: 502 Bad Gateway"
    assert found.may_pass
    assert not refusal(404, body).may_pass
    assert refusal(429, body).may_pass


def test_localhost_is_named_by_its_address() -> None:
    for url, where in (("localhost:1", ":1"), ("localhost", ":80")):
        said = str(unreachable("GET", f"http://{url}/v2/", ConnectionRefusedError()))
        assert "dial tcp localhost" not in said
        assert f"{where}: connect: connection refused" in said
