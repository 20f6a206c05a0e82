"""The table of all routes."""

from labkit.api.routes.table import ROUTES
from labkit.api.routing import Router


def test_no_route_hides_another() -> None:
    router = Router(ROUTES)
    for route in ROUTES:
        path = route.pattern.replace("{id}", "some").replace("{name}", "some")
        found, _ = router.find(route.method, path.replace("{name*}", "some"))
        assert found is route, route.pattern


def test_only_what_follows_ends_with_its_client() -> None:
    streams = {route.pattern for route in ROUTES if route.streams}
    assert streams == {
        "/events",
        "/containers/{id*}/wait",
        "/containers/{id*}/logs",
        "/containers/{id*}/attach",
        "/containers/{id*}/attach/ws",
        "/containers/{id*}/stats",
        "/containers/{id*}/archive",
        "/containers/{id*}/export",
        "/exec/{id}/start",
        "/images/create",
        "/images/{name*}/push",
        "/build",
        "/labkit/build",
        "/images/load",
        "/images/get",
        "/images/{name*}/get",
    }
