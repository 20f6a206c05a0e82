"""Greeting a registry, and logging in."""

import pytest

from labkit.images.registry.failures import (
    NoCredentialsError,
    RefusedError,
    UnreachableError,
)
from labkit.images.registry.model import Credentials, Settings
from labkit.images.registry.session import Ask, log_in, open_sessions
from labkit.images.registry.transport import Transport
from tests.contract.fakes.registry import PASSWORD, USER, FakeRegistry, answer_with
from tests.contract.registry.asking import open_session

ME, STRANGER = Credentials(USER, PASSWORD), Credentials(USER, "wrong")


def test_takes_the_first_address_that_answers() -> None:
    with FakeRegistry() as registry, open_session(registry.host) as session:
        assert session.endpoint.url == f"http://{registry.host}"
        with session.ask(Ask("GET", "/v2/")) as answer:
            assert answer.status == 200


def test_says_why_nobody_answers() -> None:
    with pytest.raises(UnreachableError, match=r'^Get "http://127.0.0.1:1/v2/": dial'):
        log_in("127.0.0.1:1", Settings(), ME)


def test_passes_over_mirrors_that_are_down() -> None:
    with FakeRegistry() as mirror:
        mirrors = ("http://127.0.0.1:1", f"http://{mirror.host}")
        settings = Settings(mirrors=mirrors)
        transport = Transport(settings)
        session = next(open_sessions("docker.io", settings, transport, ME))
        transport.close()
        assert session.endpoint.host == mirror.host
        assert session.endpoint.is_mirror


def test_what_is_no_registry_is_refused() -> None:
    with FakeRegistry() as registry:
        registry.fault("GET /v2/", answer_with(404, b"<html>no"), times=2)
        with pytest.raises(RefusedError, match="unexpected HTTP status: 404 Not Found"):
            log_in(registry.host, Settings(), ME)


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_logs_in(auth: str) -> None:
    with FakeRegistry(auth) as registry:
        log_in(registry.host, Settings(), ME)
        with pytest.raises(RefusedError) as refused:
            log_in(registry.host, Settings(), STRANGER)
        assert refused.value.status == 401


def test_words_a_refused_password_as_docker_does() -> None:
    with FakeRegistry("basic") as registry:
        words = f"login attempt to http://{registry.host}/v2/ failed with status: 401"
        with pytest.raises(RefusedError, match=words):
            log_in(registry.host, Settings(), STRANGER)
        with pytest.raises(NoCredentialsError):
            log_in(registry.host, Settings(), Credentials())
