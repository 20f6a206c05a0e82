"""labkit.base.reference: Docker's grammar and habits of image names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError
from labkit.base.reference import Reference, parse_bare_reference, parse_reference

HEX = "a" * 64


@pytest.mark.parametrize(
    ("text", "full", "familiar"),
    [
        ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("nginx:1.25", "docker.io/library/nginx:1.25", "nginx:1.25"),
        ("library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("index.docker.io/a/b", "docker.io/a/b:latest", "a/b:latest"),
        ("team/app", "docker.io/team/app:latest", "team/app:latest"),
        ("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1"),
        ("r.example/a/b:1", "r.example/a/b:1", "r.example/a/b:1"),
        ("[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"),
        ("Reg/app", "Reg/app:latest", "Reg/app:latest"),
        ("a__b/c--d.e_f", "docker.io/a__b/c--d.e_f:latest", "a__b/c--d.e_f:latest"),
        (
            f"nginx@sha256:{HEX}",
            f"docker.io/library/nginx@sha256:{HEX}",
            f"nginx@sha256:{HEX}",
        ),
        (
            f"r.example/a:1@sha256:{HEX}",
            f"r.example/a:1@sha256:{HEX}",
            f"r.example/a:1@sha256:{HEX}",
        ),
    ],
)
def test_normalises_as_docker_does(text: str, full: str, familiar: str) -> None:
    reference = parse_reference(text)
    assert (reference.text, reference.familiar) == (full, familiar)


def test_adds_no_tag_when_asked_not_to() -> None:
    assert parse_bare_reference("nginx") == Reference("docker.io", "library/nginx")


@pytest.mark.parametrize(
    "text",
    ["", " ", ":", "a:", "a/", "/a", "a//b", "-a", "a b", "a:b:c", "a@", "a:-x",
     "a" + ":" + "t" * 129, "a@sha256:12", f"a@sha256:{HEX}1", "http://a.b/c",
     "a.b/", "ä", f"a@sha512:{HEX}{HEX}", "a___b", "a\n"],
)  # fmt: skip
def test_refuses_bad_names_in_dockers_words(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_reference(text)
    assert caught.value.message == "invalid reference format"


def test_says_that_capitals_are_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_reference("NGINX:1")
    assert caught.value.message == (
        "invalid reference format: repository name (library/NGINX) must be lowercase"
    )


def test_refuses_a_name_that_looks_like_an_id() -> None:
    with pytest.raises(InvalidInputError, match="64-byte hexadecimal"):
        parse_reference(HEX)


def test_refuses_a_name_that_is_too_long() -> None:
    with pytest.raises(InvalidInputError, match="more than 255 characters"):
        parse_reference("a/" + "b" * 254)


@given(st.from_regex(r"([a-z]{1,5}\.io(:[1-9]{1,4})?/)?[a-z0-9]{1,8}(/[a-z]{1,4}){0,2}(:[A-Za-z0-9_.]{1,5})?", fullmatch=True))  # fmt: skip  # noqa: E501
def test_familiar_form_means_the_same_image(text: str) -> None:
    try:
        reference = parse_reference(text)
    except InvalidInputError:
        return
    assert parse_reference(reference.familiar) == reference
    assert parse_reference(reference.text) == reference
