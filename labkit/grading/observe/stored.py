"""A file of a volume or of an image, which no container of the learner's need hold.

The API reads files of containers only. So a container is made for a moment, with the
volume mounted or from the image itself, and **never started**: files can be read out
of it all the same, as many as are asked for. It carries the probes' label and is
removed at once.
"""

import contextlib
from collections.abc import Iterator, Sequence

import docker
import docker.errors

from labkit.grading.observe.inside import PROBE_IMAGE
from labkit.grading.observe.made import Made
from labkit.grading.observe.reading import read_file
from labkit.grading.probes import StoredFileProbe, Text

_MOUNT = "/.labkit-volume"


def read_stored_files(
    client: docker.APIClient, made: Made, probes: Sequence[StoredFileProbe]
) -> dict[StoredFileProbe, Text | None]:
    """Read files of one holder; ``None`` for what is not there, or has no holder."""
    kind, name = probes[0].kind, probes[0].name
    try:
        if kind == "image":
            with _made(client, made, name) as container:
                return {probe: _read(client, container, probe.path) for probe in probes}
        client.inspect_volume(name)  # to mount one that is missing makes it
        with _made(client, made, PROBE_IMAGE, f"{name}:{_MOUNT}:ro") as container:
            return {
                probe: _read(client, container, f"{_MOUNT}/{probe.path.lstrip('/')}")
                for probe in probes
            }
    except docker.errors.NotFound:
        return dict.fromkeys(probes)


def _read(client: docker.APIClient, container: str, path: str) -> Text | None:
    try:
        return read_file(client, container, path)
    except docker.errors.NotFound:
        return None


@contextlib.contextmanager
def _made(
    client: docker.APIClient, made: Made, image: str, *binds: str
) -> Iterator[str]:
    """Give the id of a container that is never started."""
    container = made.make(
        image,
        entrypoint=["true"],  # an image may name no program of its own
        command=[],
        host_config=client.create_host_config(binds=list(binds)),
    )
    try:
        yield container
    finally:
        client.remove_container(container, force=True, v=True)
        made.forget(container)
