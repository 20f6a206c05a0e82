import base64
import http.server
import socket
import struct
import threading
import time

import pytest

from labkit.grading.observe.pages import fetch_page
from labkit.grading.probes import Page, PageProbe
from tests.serving import serving

LOGIN = "Basic " + base64.b64encode(b"admin:pass").decode()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        allowed = self.path != "/private" or self.headers["Authorization"] == LOGIN
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(f"page {self.path}".encode())

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def port():
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)) as server:
        yield server.server_address[1]


def _fetch(probe, host="unix:///x.sock", seconds=2.0):
    return fetch_page(probe, host, time.monotonic() + seconds)


def test_fetches_through_the_machines_own_port(port):
    assert _fetch(PageProbe(port, "/x")) == Page(200, "page /x")


def test_an_engine_elsewhere_publishes_there(port):
    assert _fetch(PageProbe(port), "tcp://127.0.0.1:2375").status == 200


def test_logs_in_if_asked_to(port):
    assert _fetch(PageProbe(port, "/private")).status == 401
    login = PageProbe(port, "/private", login=("admin", "pass"))
    assert _fetch(login).status == 200


def test_says_why_nobody_answered():
    assert _fetch(PageProbe(1)) == Page(0, "", "connection refused")


@pytest.mark.parametrize("linger", [b"", struct.pack("ii", 1, 0)])
def test_a_port_with_nobody_behind_it_is_told_in_one_way(linger):
    # Whoever holds a published port ends such a connection with a FIN or with a RST.
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            with server.accept()[0] as connection:
                connection.recv(4096)
                if linger:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        thread = threading.Thread(target=hang_up)
        thread.start()
        page = _fetch(PageProbe(server.getsockname()[1]))
        thread.join()
    assert page == Page(0, "", "the connection was closed without an answer")


@pytest.mark.slow
def test_goes_on_asking_for_as_long_as_it_may():
    begin = time.monotonic()
    assert _fetch(PageProbe(1, within_seconds=0.3)).status == 0
    assert 0.15 < time.monotonic() - begin < 2
