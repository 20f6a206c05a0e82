"""Which addresses stand for a name."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.images.registry.endpoints import find_endpoints, is_insecure
from labkit.images.registry.model import Settings


def urls(
    domain: str, settings: Settings | None = None, mirrors: bool = True
) -> list[str]:
    found = find_endpoints(domain, settings or Settings(), mirrors)
    return [endpoint.url for endpoint in found]


def test_the_hub_has_another_address_and_mirrors() -> None:
    hub = "https://registry-1.docker.io"
    assert urls("docker.io") == [hub]
    settings = Settings(mirrors=("https://mirror.example/hub/", "http://m:5000"))
    with_mirrors = ["https://mirror.example/hub", "http://m:5000", hub]
    assert urls("docker.io", settings) == with_mirrors
    assert urls("docker.io", settings, mirrors=False) == [hub]
    assert urls("quay.io", settings) == ["https://quay.io"]


@pytest.mark.parametrize(
    ("host", "insecure"),
    [
        ("localhost", True),
        ("localhost:5000", True),
        ("127.0.0.1:5000", True),
        ("127.9.9.9", True),
        ("[::1]:5000", True),
        ("10.0.0.1:5000", False),
        ("registry.example", False),
        ("localhost.example", False),
        ("own.example:5000", True),
        ("192.168.7.7", True),
    ],
)
def test_loopback_and_named_hosts_are_insecure(host: str, insecure: bool) -> None:
    settings = Settings(insecure=("own.example:5000", "192.168.0.0/16"))
    assert is_insecure(host, settings) == insecure
    both = [f"https://{host}", f"http://{host}"]
    assert urls(host, settings) == (both if insecure else both[:1])
    first = find_endpoints(host, settings)[0]
    assert first.is_verified != insecure


@pytest.mark.parametrize(
    "url", ["ftp://m", "m:5000", "http://", "https://m/?x=1", "https://u:p@m"]
)
def test_refuses_what_is_no_mirror(url: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid mirror"):
        find_endpoints("docker.io", Settings(mirrors=(url,)))
