"""An engine that knows some images, and material to read, for the tests of calls."""

from typing import Any

from labkit.docker_cli.buildx.material import Material
from labkit.dockerfile.ignore import read_ignore_file

ANSWERS: dict[str, Any] = {
    "GET /version": (200, {"Os": "linux", "Arch": "amd64"}),
    "GET /images/known/json": (200, {"Config": {"Env": ["NODE=1", "PATH=/x"]}}),
    "GET /images/other/json": (404, {"message": "no such image"}),
}


def material(text: str | None, **options: Any) -> Material:
    ignore = read_ignore_file("*.log")
    return Material(options, text, "Dockerfile", {}, ignore=ignore)
