import base64
import http.server
import json
import ssl
import subprocess
import time

import pytest

from labkit.grading.observe.registry import ask_registry
from labkit.grading.probes import RegistryProbe, RegistryTag
from tests.serving import serving

LOGIN = "Basic " + base64.b64encode(b"ada:secret").decode()
MANIFEST = json.dumps({"config": {"digest": "sha256:c"}}).encode()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path == "/v2/tools/box/manifests/1"
        let_in = self.headers["Authorization"] == LOGIN
        self.send_response(401 if not let_in else 200 if known else 404)
        self.send_header("Docker-Content-Digest", "sha256:d")
        self.end_headers()
        self.wfile.write(MANIFEST if known and let_in else b"[]")

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def plain():
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)) as server:
        yield server.server_address[1]


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key", folder / "certificate"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=elsewhere"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server):
        yield server.server_address[1]


def _ask(port, tag="1", login=("ada", "secret"), tls=False):
    probe = RegistryProbe(port, "tools/box", tag, tls, login)
    return ask_registry(probe, "unix:///x.sock", time.monotonic() + 2)


def test_a_tag_has_two_digests(plain):
    assert _ask(plain) == RegistryTag(200, "sha256:d", "sha256:c")


def test_what_is_not_there_has_no_settings(plain):
    assert _ask(plain, tag="2") == RegistryTag(404, "sha256:d")


def test_a_stranger_is_turned_away(plain):
    assert _ask(plain, login=None).status == 401


def test_a_certificate_of_ones_own_will_do(encrypted):
    assert _ask(encrypted, tls=True) == RegistryTag(200, "sha256:d", "sha256:c")


def test_plain_text_is_no_tls(plain):
    found = _ask(plain, tls=True)
    assert (found.status, found.problem) == (0, "it speaks no TLS")


def test_nobody_there_is_said():
    found = _ask(1)
    assert (found.status, found.problem) == (0, "connection refused")
