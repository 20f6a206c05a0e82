"""What the course asks of the engine itself, over Docker's API."""

from contextlib import closing

from labkit.grading.observe.client import answering, connect

LAB_PLATFORM = "labkit"


def is_lab_engine(docker_host: str) -> bool:
    """Say whether an engine is labkit's own, which lets itself be looked into.

    Raises:
        UnavailableError: nobody answers at that address.
    """
    with closing(connect(docker_host)) as client, answering(docker_host):
        version = client.version()
    name = version.get("Platform", {}).get("Name", "")
    return LAB_PLATFORM in str(name).lower()
