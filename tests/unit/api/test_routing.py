"""Paths and their routes."""

import pytest

from labkit.api.routing import Route, Router, split_version
from labkit.api.versions import NEWEST, ApiVersion
from labkit.base.errors import InvalidInputError, NotFoundError


async def _nothing(call: str) -> str:
    return call


FIXED = Route("GET", "/images/json", _nothing)
NAMED = Route("GET", "/images/{name*}/json", _nothing)
REMOVE = Route("DELETE", "/images/{name*}", _nothing)
START = Route("POST", "/containers/{id}/start", _nothing)
ROUTER = Router([FIXED, NAMED, REMOVE, START])


def test_takes_a_fixed_path_before_one_with_places() -> None:
    assert ROUTER.find("GET", "/images/json") == (FIXED, {})


def test_names_of_images_may_have_slashes() -> None:
    path = "/images/registry.example:5000/team/app:1/json"
    route, places = ROUTER.find("GET", path)
    assert route is NAMED
    assert places == {"name": "registry.example:5000/team/app:1"}


def test_ids_of_containers_may_not() -> None:
    assert ROUTER.find("POST", "/containers/abc/start")[1] == {"id": "abc"}
    with pytest.raises(NotFoundError, match="page not found"):
        ROUTER.find("POST", "/containers/a/b/start")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/images/json"), ("GET", "/"), ("GET", ""), ("GET", "/images/jsonx")],
)
def test_knows_nothing_else(method: str, path: str) -> None:
    with pytest.raises(NotFoundError, match="page not found"):
        ROUTER.find(method, path)


def test_takes_the_version_off() -> None:
    assert split_version("/v1.41/info") == (ApiVersion(1, 41), "/info")
    assert split_version("/info") == (NEWEST, "/info")
    assert split_version("/version") == (NEWEST, "/version")
    assert split_version("/volumes/v1.2/x") == (NEWEST, "/volumes/v1.2/x")


def test_refuses_a_version_it_does_not_speak() -> None:
    with pytest.raises(InvalidInputError, match="too new"):
        split_version("/v1.99/info")
