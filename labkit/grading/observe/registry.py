"""A registry's tags, asked for by its own protocol (OCI distribution, v2)."""

import http.client
import json
import ssl
import time

from labkit.grading.observe.pages import authorization, problem_of, published_on
from labkit.grading.probes import RegistryProbe, RegistryTag

_CALL_SECONDS = 3.0
_PAUSE_SECONDS = 0.1
_BODY_LIMIT = 256 * 1024
_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)


def ask_registry(
    probe: RegistryProbe, docker_host: str, deadline: float
) -> RegistryTag:
    """Ask for a tag, and again until a registry answers or time is up."""
    give_up = min(time.monotonic() + probe.within_seconds, deadline)
    while True:
        found = _ask_once(probe, published_on(docker_host), deadline)
        if found.status or time.monotonic() + _PAUSE_SECONDS > give_up:
            return found
        time.sleep(_PAUSE_SECONDS)


def _ask_once(probe: RegistryProbe, host: str, deadline: float) -> RegistryTag:
    left = max(0.1, min(_CALL_SECONDS, deadline - time.monotonic()))
    connection = _connection(probe, host, left)
    path = f"/v2/{probe.repository}/manifests/{probe.tag}"
    headers = {"Accept": _MANIFESTS, **authorization(probe.login)}
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read(_BODY_LIMIT)
        digest = answer.getheader("Docker-Content-Digest") or ""
    except ssl.SSLError:
        return RegistryTag(0, problem="it speaks no TLS")
    except (OSError, http.client.HTTPException) as error:
        return RegistryTag(0, problem=problem_of(error))
    finally:
        connection.close()
    if not probe.tls and answer.status == _HTTP_TO_HTTPS:
        return RegistryTag(0, problem="it speaks HTTPS")
    return RegistryTag(answer.status, digest, _config(body))


_HTTP_TO_HTTPS = 400


def _connection(
    probe: RegistryProbe, host: str, seconds: float
) -> http.client.HTTPConnection:
    if not probe.tls:
        return http.client.HTTPConnection(host, probe.port, timeout=seconds)
    # A learner's own certificate: nobody here could know who signed it.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(
        host, probe.port, timeout=seconds, context=context
    )


def _config(body: bytes) -> str:
    """Return the digest of an image's settings; an index of several has none."""
    try:
        manifest = json.loads(body)
    except ValueError:
        return ""
    config = manifest.get("config") if isinstance(manifest, dict) else None
    return str(config.get("digest", "")) if isinstance(config, dict) else ""
