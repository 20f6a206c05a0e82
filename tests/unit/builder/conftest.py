"""A workshop for each test, and places where things come from."""

import http.server
import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.serving import serving
from tests.unit.builder.workshop import Workshop

BODY = b"from elsewhere"
CHECKSUM = "sha256:" + sha256(BODY).hexdigest()


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    root = tmp_path / "shop"
    root.mkdir()
    return Workshop(root)


def _tar() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("Dockerfile"))
    return packed.getvalue()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/to-file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/no" else 200)
        self.send_header("Last-Modified", "Thu, 01 Jan 1970 00:16:40 GMT")
        body = _tar() if self.path.endswith(".tgz") else BODY
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def url() -> Iterator[str]:
    with serving(http.server.HTTPServer(("127.0.0.1", 0), _Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def repository(tmp_path: Path) -> str:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    root = tmp_path / "repo"
    (root / "sub").mkdir(parents=True)
    (root / "sub/f").write_text("in git")
    (root / "Dockerfile").write_text("FROM base\n")
    who = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*who, "commit", "-qm", "one"),
        ("tag", "v1"),
    ):
        subprocess.run(("git", "-C", str(root), *command), check=True)
    return f"file://{root}"
