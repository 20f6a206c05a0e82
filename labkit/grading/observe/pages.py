"""Pages asked for through a published port, as the learner's browser does."""

import base64
import http.client
import time
from urllib.parse import urlsplit

from labkit.grading.probes import Page, PageProbe

_CALL_SECONDS = 3.0
_PAUSE_SECONDS = 0.1
_BODY_LIMIT = 256 * 1024


def fetch_page(probe: PageProbe, docker_host: str, deadline: float) -> Page:
    """Ask for a page, and again until a server answers or time is up."""
    give_up = min(time.monotonic() + probe.within_seconds, deadline)
    while True:
        page = _fetch_once(probe, probe.host or published_on(docker_host), deadline)
        if page.status or time.monotonic() + _PAUSE_SECONDS > give_up:
            return page
        time.sleep(_PAUSE_SECONDS)


def published_on(docker_host: str) -> str:
    """Return the machine on which the engine publishes ports."""
    url = urlsplit(docker_host)
    if url.scheme in ("tcp", "http", "https") and url.hostname:
        return url.hostname
    return "127.0.0.1"


def _fetch_once(probe: PageProbe, host: str, deadline: float) -> Page:
    left = max(0.1, min(_CALL_SECONDS, deadline - time.monotonic()))
    connection = http.client.HTTPConnection(host, probe.port, timeout=left)
    try:
        connection.request("GET", probe.path, headers=authorization(probe.login))
        answer = connection.getresponse()
        body = answer.read(_BODY_LIMIT).decode("utf-8", "replace")
        return Page(answer.status, body)
    except (OSError, http.client.HTTPException) as error:
        return Page(0, "", problem_of(error))
    finally:
        connection.close()


def authorization(login: tuple[str, str] | None) -> dict[str, str]:
    """Return the header that tells who asks, if anybody is named."""
    if login is None:
        return {}
    token = base64.b64encode(":".join(login).encode()).decode()
    return {"Authorization": f"Basic {token}"}


def problem_of(error: Exception) -> str:
    """Say in a few words why there was no answer."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the connection was closed without an answer"  # politely or not
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
