"""A file of a volume or of an image, which no container of the learner's need hold.

The API reads files of containers only. So a container is made for a moment, with the
volume mounted or from the image itself, and **never started**: a file can be read out
of it all the same. It carries the probes' label and is removed at once.
"""

import contextlib
from collections.abc import Iterator

import docker
import docker.errors

from labkit.grading.observe.inside import PROBE_IMAGE, PROBE_LABEL
from labkit.grading.observe.reading import read_file
from labkit.grading.probes import StoredFileProbe, Text

_MOUNT = "/.labkit-volume"


def read_stored_file(client: docker.APIClient, probe: StoredFileProbe) -> Text | None:
    """Read a file; ``None`` if it, or what should hold it, is not there."""
    try:
        if probe.kind == "image":
            with _made(client, probe.name) as container:
                return read_file(client, container, probe.path)
        client.inspect_volume(probe.name)  # to mount one that is missing makes it
        with _made(client, PROBE_IMAGE, f"{probe.name}:{_MOUNT}:ro") as container:
            return read_file(client, container, f"{_MOUNT}/{probe.path.lstrip('/')}")
    except docker.errors.NotFound:
        return None


@contextlib.contextmanager
def _made(client: docker.APIClient, image: str, *binds: str) -> Iterator[str]:
    """Give the id of a container that is never started."""
    made = client.create_container(
        image,
        entrypoint=["true"],  # an image may name no program of its own
        command=[],
        host_config=client.create_host_config(binds=list(binds)),
        labels={PROBE_LABEL: "1"},
    )
    try:
        yield made["Id"]
    finally:
        client.remove_container(made["Id"], force=True, v=True)
