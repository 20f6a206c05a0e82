"""Reading WWW-Authenticate."""

from hypothesis import given
from hypothesis import strategies as st

from labkit.images.registry.challenge import Challenge, parse_challenges


def test_reads_what_registries_send() -> None:
    hub = (
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
        'scope="repository:library/x:pull,push"'
    )
    (bearer,) = parse_challenges([hub])
    assert bearer.scheme == "bearer"
    assert bearer.parameters["realm"] == "https://auth.docker.io/token"
    assert bearer.parameters["scope"] == "repository:library/x:pull,push"


def test_reads_several_in_one_header_and_in_many() -> None:
    found = parse_challenges(['Basic realm="a \\"b\\"", Bearer realm=x', "Negotiate"])
    assert found == (
        Challenge("basic", {"realm": 'a "b"'}),
        Challenge("bearer", {"realm": "x"}),
        Challenge("negotiate", {}),
    )


@given(st.text(max_size=200))
def test_reads_anything_to_its_end(text: str) -> None:
    parse_challenges([text])
