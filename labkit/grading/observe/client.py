"""A connection to an engine that gives up in time, and errors of two kinds.

Whatever an engine does (not there, hung, killed while it answers), the caller sees
``UnavailableError`` with one clause. What an engine *says* stays docker-py's own
``APIError``: that there is no such container is an answer.
"""

import contextlib
import json
import queue
import socket
import threading
import urllib.parse
from collections.abc import Callable, Iterator

import docker
import docker.errors
import requests.exceptions
import urllib3.exceptions

from labkit.base.errors import UnavailableError, no_engine_answers

CALL_SECONDS = 6.0
_PING_SECONDS = 2.5
_CONNECT_SECONDS = 3.0


def connect(docker_host: str, timeout: float = CALL_SECONDS) -> docker.APIClient:
    """Connect to an engine and agree on a version of the API.

    Raises:
        UnavailableError: nobody answers there, or not in time.
    """
    with answering(docker_host):
        client = _in_time(lambda: _connect(docker_host))
        client.timeout = timeout  # type: ignore[assignment]
        return client


def _connect(docker_host: str) -> docker.APIClient:
    _knock(docker_host)
    # The version is asked for here, by a call with its own short limit.
    return docker.APIClient(base_url=docker_host, timeout=_PING_SECONDS)  # type: ignore[arg-type]


def _in_time(work: Callable[[], docker.APIClient]) -> docker.APIClient:
    """Wait for a connection no longer than a time, whoever is at the other end.

    A call's limit is for each time that it reads: who sends a byte a second keeps it
    for ever, and a name server has no limit at all. What comes too late is closed.
    """
    done: queue.SimpleQueue[docker.APIClient | BaseException] = queue.SimpleQueue()
    late = threading.Event()

    def run() -> None:
        try:
            client = work()
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            done.put(error)
            return
        done.put(client)
        if late.is_set():
            client.close()

    threading.Thread(target=run, daemon=True).start()
    found: docker.APIClient | BaseException = TimeoutError()
    with contextlib.suppress(queue.Empty):
        found = done.get(timeout=_CONNECT_SECONDS)
    if isinstance(found, BaseException):
        late.set()
        raise found
    return found


def _knock(docker_host: str) -> None:
    """Fail at once where nobody listens: docker-py would leave its socket open."""
    scheme, _, path = docker_host.partition("://")
    if scheme == "ssh":
        raise UnavailableError(no_engine_answers(docker_host, "ssh is not spoken here"))
    if scheme != "unix":
        _check_port(docker_host)
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PING_SECONDS)
        probe.connect(path)


def _check_port(docker_host: str) -> None:
    try:
        _ = urllib.parse.urlsplit(docker_host).port
    except ValueError as error:
        raise UnavailableError(no_engine_answers(docker_host, str(error))) from error


@contextlib.contextmanager
def answering(docker_host: str) -> Iterator[None]:
    """Turn the ways in which an engine can fail to answer into one kind of error."""
    try:
        yield
    except docker.errors.APIError as error:
        if error.is_server_error():
            raise UnavailableError(f"the engine failed: {said(error)}") from error
        raise
    except (
        requests.exceptions.RequestException,
        urllib3.exceptions.HTTPError,
        docker.errors.DockerException,
        OSError,
    ) as error:
        raise UnavailableError(_reason(docker_host, error)) from error


def said(error: docker.errors.APIError) -> str:
    """Return what the engine said, without docker-py's words around it."""
    return str(error.explanation or error)


def _reason(docker_host: str, error: BaseException) -> str:
    """Say what the innermost cause says: docker-py wraps requests wraps urllib3."""
    seen = error
    while (inner := _inner(seen)) is not None:
        seen = inner
    if isinstance(seen, TimeoutError):
        return f"the engine at {docker_host} did not answer in time"
    if isinstance(seen, _NONSENSE):
        return no_engine_answers(docker_host, "what answers there is none")
    text = str(seen).strip() or type(seen).__name__
    if isinstance(seen, OSError) and seen.strerror:
        text = seen.strerror.lower()
    return no_engine_answers(docker_host, text)


def _inner(error: BaseException) -> BaseException | None:
    """Return what an error came from, unless who raised it says that it is no cause."""
    return error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )


_NONSENSE = (KeyError, TypeError, json.JSONDecodeError, requests.HTTPError)
"""What the answer to the first question leads to, if it is some other server's."""
