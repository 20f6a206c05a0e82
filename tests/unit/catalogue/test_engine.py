"""labkit.catalogue.engine: only what is absent is sent, in one archive.

The engine here is a socket that answers a few requests as Docker does; that real
engines take the images is shown in ``tests/system/catalogue``.
"""

import http.server
import io
import json
import socketserver
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.base.errors import InternalError, UnavailableError
from labkit.catalogue.assemble import assemble
from labkit.catalogue.engine import load_images, loaded_names
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.progress import SilentReporter
from labkit.catalogue.recipes.base import HELLO_WORLD
from tests.serving import serving
from tests.unit.catalogue.samples import NotingReporter


class Engine(socketserver.UnixStreamServer):
    """Holds images by name and takes one archive."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Handler)
        self.host = f"unix://{path}"
        self.images: dict[str, Any] = {}
        self.archives: list[bytes] = []
        self.answer = '{"stream": "Loaded image: hello-world:latest\\n"}\n'

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that hung up in the middle: a test does that."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        name = self.path.rpartition("/images/")[2].removesuffix("/json")
        if self.path.endswith("/version"):
            self._say(200, {"ApiVersion": "1.47"})
        elif name in self.server.images:
            self._say(200, self.server.images[name])
        else:
            self._say(404, {"message": f"No such image: {name}"})

    def do_POST(self) -> None:
        archive = b""
        while size := int(self.rfile.readline(), 16):
            archive += self.rfile.read(size)
            self.rfile.readline()
        self.server.archives.append(archive)
        self.server.images["hello-world:latest"] = {"Id": "sha256:" + "0" * 64}
        self._say(200, self.server.answer)

    def log_message(self, *_: object) -> None: ...

    def _say(self, status: int, body: object) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with serving(Engine(tmp_path / "s")) as server:
        yield server


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "cache" / "images")


@pytest.fixture
def images(tmp_path: Path) -> tuple[StoredImage, ...]:
    return assemble([HELLO_WORLD], tmp_path / "cache", SilentReporter())


def test_sends_what_is_absent(
    engine: Engine, layout: Layout, images: tuple[StoredImage, ...]
) -> None:
    reporter = NotingReporter()
    assert load_images(engine.host, layout, images, reporter) == images
    assert reporter.tasks == ["1 image into the engine"]
    with tarfile.open(fileobj=io.BytesIO(engine.archives[0])) as tar:
        assert f"blobs/sha256/{images[0].id.hex}" in tar.getnames()


@pytest.mark.parametrize("store", ["docker", "containerd"])
def test_sends_nothing_that_is_there(
    engine: Engine, layout: Layout, images: tuple[StoredImage, ...], store: str
) -> None:
    (image,) = images
    engine.images["hello-world:latest"] = {
        "Id": image.id.text if store == "docker" else "sha256:" + "1" * 64,
        "RootFS": {"Layers": [one.text for one in image.config.rootfs.diff_ids]},
        "Config": {"Labels": image.config.config.labels},
    }
    assert load_images(engine.host, layout, images, NotingReporter()) == ()
    assert engine.archives == []
    assert loaded_names(engine.host, images) == {"hello-world:latest"}


def test_tells_that_the_engine_refused(
    engine: Engine, layout: Layout, images: tuple[StoredImage, ...]
) -> None:
    engine.answer = '{"errorDetail": {"message": "disk full"}, "error": "disk full"}\n'
    with pytest.raises(InternalError, match="refused the images: disk full"):
        load_images(engine.host, layout, images, NotingReporter())


def test_tells_that_no_engine_answers(
    tmp_path: Path, layout: Layout, images: tuple[StoredImage, ...]
) -> None:
    host = f"unix://{tmp_path}/nobody"
    with pytest.raises(
        UnavailableError, match="nobody: no such file or directory; start"
    ):
        load_images(host, layout, images, NotingReporter())
    assert loaded_names(host, images) is None


def test_tells_that_the_cache_is_damaged(
    engine: Engine, layout: Layout, images: tuple[StoredImage, ...]
) -> None:
    layout.path(images[0].layers[0].digest).unlink()
    with pytest.raises(InternalError, match="cannot read the images in the cache"):
        load_images(engine.host, layout, images, NotingReporter())
