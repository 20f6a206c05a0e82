"""What the course asks of the engine itself, over Docker's API."""

from functools import cache

import docker
import requests
from docker.errors import DockerException

from labkit.base.errors import UnavailableError

LAB_PLATFORM = "labkit"
_TIMEOUT_SECONDS = 5


@cache
def is_lab_engine(docker_host: str) -> bool:
    """Say whether an engine is labkit's own, which lets itself be looked into.

    Raises:
        UnavailableError: nobody answers at that address.
    """
    try:
        client = docker.DockerClient(base_url=docker_host, timeout=_TIMEOUT_SECONDS)
        try:
            version = client.version()
        finally:
            client.close()
    except (DockerException, requests.RequestException) as error:
        raise UnavailableError(
            f"no engine answers at {docker_host}: {error}"
        ) from error
    name = version.get("Platform", {}).get("Name", "")
    return LAB_PLATFORM in str(name).lower()
