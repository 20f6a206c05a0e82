"""Answering challenges, and refusing some."""

import pytest

from labkit.images.registry.auth import Authorizer
from labkit.images.registry.challenge import Challenge
from labkit.images.registry.failures import BrokenPromiseError, RegistryError
from labkit.images.registry.model import Credentials, Settings
from labkit.images.registry.transport import Request, Transport
from tests.contract.fakes.registry import (
    PASSWORD,
    TOKEN,
    USER,
    FakeRegistry,
    answer_with,
)

SCOPES = ("repository:a:pull",)
ME = Credentials(USER, PASSWORD)


def answer(
    realm: str,
    credentials: Credentials = ME,
    scheme: str = "http",
    kind: str = "bearer",
) -> str:
    transport = Transport(Settings())
    authorizer = Authorizer(transport, credentials)
    request = Request("GET", f"{scheme}://127.0.0.1:1/v2/")
    challenge = Challenge(kind, {"realm": realm, "service": "lab"})
    try:
        authorizer.answer(request, [challenge], SCOPES)
    finally:
        transport.close()
    assert authorizer.headers(("other",)) == {}
    return authorizer.headers(SCOPES)["Authorization"]


def test_fetches_a_token_for_a_scope() -> None:
    with FakeRegistry("bearer") as registry:
        assert answer(f"http://{registry.host}/token") == f"Bearer {TOKEN}"
        (asked,) = registry.asked("GET /token")
        query = "service=lab&scope=repository%3Aa%3Apull"
        assert asked.path == f"/token?account={USER}&{query}"


def test_exchanges_an_identity_token() -> None:
    with FakeRegistry("bearer") as registry:
        holder = Credentials(identity_token="long-lived")
        assert answer(f"http://{registry.host}/token", holder) == f"Bearer {TOKEN}"
        (asked,) = registry.asked("POST /token")
        assert b"refresh_token=long-lived" in asked.body
        assert b"scope=repository" in asked.body


def test_shows_a_registry_token_as_it_is() -> None:
    assert answer("http://nobody", Credentials(registry_token="abc")) == "Bearer abc"


def test_sends_no_password_to_where_it_does_not_belong() -> None:
    with pytest.raises(BrokenPromiseError, match="refused to send a password to"):
        answer("http://elsewhere.example/token", scheme="https")
    for realm in ("", "file:///etc", "token"):
        with pytest.raises(BrokenPromiseError, match="invalid realm"):
            answer(realm)
    with pytest.raises(RegistryError, match="authentication required"):
        answer("", kind="negotiate")


@pytest.mark.parametrize("said", [b"", b"[]", b'{"token":5}', b'{"token":"a\\nb"}'])
def test_refuses_what_is_no_token(said: bytes) -> None:
    with FakeRegistry("bearer") as registry:
        registry.fault("/token", answer_with(200, said))
        with pytest.raises(BrokenPromiseError, match="did not include a token"):
            answer(f"http://{registry.host}/token")
