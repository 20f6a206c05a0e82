"""What is told to a registry client."""

from labkit.images.registry.model import ANONYMOUS, Credentials, Endpoint


def test_no_text_shows_a_secret() -> None:
    secret = Credentials("lab", "pass-word", "identity-token", "registry-token")
    shown = f"{secret} {secret!r}"
    assert "lab" in shown
    assert not any(word in shown for word in ("pass-word", "identity", "registry-"))


def test_knows_when_there_is_nothing_to_show() -> None:
    assert ANONYMOUS.are_empty
    assert Credentials("lab").are_empty
    assert not Credentials(identity_token="x").are_empty
    assert not Credentials("lab", "x").are_empty


def test_an_endpoint_has_an_address() -> None:
    assert Endpoint("http", "lab:5000", "/mirror").url == "http://lab:5000/mirror"
