"""Method and path -> route."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.api.routing import Route, Router, split_version
from labkit.api.versions import NEWEST, ApiVersion
from labkit.base.errors import InvalidInputError, NotFoundError


async def _nobody(call: Any) -> Any:
    return None


def _router(*lines: str) -> Router[Any, Any]:
    return Router(Route(*line.split(), _nobody) for line in lines)


ROUTER = _router(
    "GET /containers/json",
    "GET /containers/{id}/json",
    "DELETE /containers/{id}",
    "GET /images/{name*}/json",
    "GET /images/{name*}/get",
    "GET /a.b",
    "GET /info",
)


@pytest.mark.parametrize(
    ("method", "path", "pattern", "places"),
    [
        ("GET", "/info", "/info", {}),
        ("GET", "/containers/json", "/containers/json", {}),
        ("GET", "/containers/json/json", "/containers/{id}/json", {"id": "json"}),
        ("DELETE", "/containers/web", "/containers/{id}", {"id": "web"}),
        ("GET", "/images/busybox/json", "/images/{name*}/json", {"name": "busybox"}),
        (
            "GET",
            "/images/localhost:5000/a/b:1/json",
            "/images/{name*}/json",
            {"name": "localhost:5000/a/b:1"},
        ),
        ("GET", "/images/a/json/get", "/images/{name*}/get", {"name": "a/json"}),
    ],
)
def test_finds_the_route(
    method: str, path: str, pattern: str, places: dict[str, str]
) -> None:
    route, found = ROUTER.find(method, path)
    assert (route.pattern, dict(found)) == (pattern, places)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/nothing"),
        ("POST", "/info"),
        ("GET", "/info/"),
        ("GET", "/containers//json"),
        ("GET", "/containers/a/b/json"),
        ("GET", "/images//json"),
        ("GET", "/axb"),  # the dot of a pattern is a dot
    ],
)
def test_everything_else_is_no_page(method: str, path: str) -> None:
    with pytest.raises(NotFoundError, match="page not found"):
        ROUTER.find(method, path)


@pytest.mark.parametrize(
    ("path", "version", "rest"),
    [
        ("/info", NEWEST, "/info"),
        ("/v1.41/info", ApiVersion(1, 41), "/info"),
        ("/v1.47/images/v1.2/json", ApiVersion(1, 47), "/images/v1.2/json"),
        ("/version", NEWEST, "/version"),
        ("/volumes", NEWEST, "/volumes"),
    ],
)
def test_takes_the_version_off(path: str, version: ApiVersion, rest: str) -> None:
    assert split_version(path) == (version, rest)


@pytest.mark.parametrize("path", ["/v1.99/info", "/v1/info", "/v0.1/_ping"])
def test_refuses_versions_that_nobody_speaks(path: str) -> None:
    with pytest.raises(InvalidInputError):
        split_version(path)


@given(st.from_regex(r"[^/\n]+(/[^/\n]+){0,3}", fullmatch=True))
@settings(max_examples=30)
def test_a_name_with_slashes_comes_out_as_it_was(name: str) -> None:
    _, places = _router("GET /x/{name*}/end").find("GET", f"/x/{name}/end")
    assert places["name"] == name
