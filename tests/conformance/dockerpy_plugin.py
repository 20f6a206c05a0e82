"""The pytest plugin that runs inside docker-py's own suite.

It writes one JSON object a line to ``$CONFORMANCE_RESULTS`` as tests end, and gives two
tests the surroundings that they need:

- attaching by WebSocket can't be done over a unix socket by docker-py, so that test
  gets a forwarder on 127.0.0.1;
- a bind mount that shares mounts back needs a folder on a shared mount
  (``$CONFORMANCE_SHARED``).

It runs with the libraries of docker-py's time, not with ours, and imports nothing here.
"""

import json
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest

RESULTS = Path(os.environ["CONFORMANCE_RESULTS"])
BY_WEBSOCKET = "test_run_container_reading_socket_ws"
BY_SHARED_MOUNT = "test_create_with_binds_rw_rshared"

_outcomes: dict[str, dict[str, Any]] = {}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Give a test its surroundings, and write down how it ended."""
    host = os.environ["DOCKER_HOST"]
    with ExitStack() as undo:
        if item.name == BY_WEBSOCKET:
            listener = undo.enter_context(closing(_forward(host[len("unix://") :])))
            address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
            os.environ["DOCKER_HOST"] = address
        if item.name == BY_SHARED_MOUNT:
            tempfile.tempdir = os.environ["CONFORMANCE_SHARED"]
        try:
            return (yield)
        finally:
            tempfile.tempdir = None
            os.environ["DOCKER_HOST"] = host
            with RESULTS.open("a") as results:
                results.write(json.dumps(_outcomes.pop(item.nodeid)) + "\n")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Join a test's phases: the first that fails speaks for all."""
    empty = {"id": report.nodeid, "outcome": "passed", "message": ""}
    found = _outcomes.setdefault(report.nodeid, empty)
    if report.outcome != "passed" and found["outcome"] != "failed":
        found["outcome"] = report.outcome
        found["message"] = f"{report.when}: {report.longreprtext[-3000:]}"


def _forward(path: str) -> socket.socket:
    """Listen on loopback and pass every connection on to a unix socket."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(path)
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listener


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
