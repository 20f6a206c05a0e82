"""From the cache into an engine, over Docker's API: ours or any Docker Engine.

What the engine has already is not sent. The rest goes as one archive, through a pipe:
layers that images share are sent once, and nothing is written to the disk on the way.
"""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import docker
import requests
from docker.errors import APIError, DockerException, ImageLoadError, ImageNotFound

from labkit.base.errors import InternalError, UnavailableError, no_engine_answers
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.progress import Reporter
from labkit.spec.image_archive import SavedImage, write_archive

TIMEOUT_SECONDS = 600
LOOK_SECONDS = 5
_CHUNK_BYTES = 1 << 20


def load_images(
    docker_host: str, layout: Layout, images: Sequence[StoredImage], reporter: Reporter
) -> tuple[StoredImage, ...]:
    """Put images into an engine; return those that it did not have.

    Raises:
        UnavailableError: no engine answers there.
        InternalError: it refused the images.
    """
    try:
        with _connect(docker_host, TIMEOUT_SECONDS) as client:
            absent = tuple(image for image in images if not _has(client, image))
            if absent:
                with reporter.task(f"{spell_count(absent)} into the engine"):
                    _send(client, [layout.saved(image) for image in absent])
            return absent
    except APIError as error:
        raise InternalError(
            f"the engine refused the images: {error.explanation}"
        ) from error


def loaded_names(
    docker_host: str, images: Sequence[StoredImage]
) -> frozenset[str] | None:
    """Say which images an engine has, by familiar name; None if none answers."""
    try:
        with _connect(docker_host, LOOK_SECONDS) as client:
            return frozenset(
                name.familiar
                for image in images
                for name in image.names
                if _names(client, name.familiar, image)
            )
    except UnavailableError:
        return None


def spell_count(images: Sequence[StoredImage]) -> str:
    """Say how many images there are."""
    return "1 image" if len(images) == 1 else f"{len(images)} images"


@contextmanager
def _connect(docker_host: str, timeout_seconds: int) -> Iterator[docker.DockerClient]:
    """Open a client; whatever says that nobody answers becomes UnavailableError."""
    try:
        _knock(docker_host)
        client = docker.DockerClient(base_url=docker_host, timeout=timeout_seconds)
        try:
            yield client
        finally:
            client.close()
    except APIError:
        raise
    except (DockerException, requests.RequestException, OSError) as error:
        raise UnavailableError(
            no_engine_answers(docker_host, _reason(error))
        ) from error


def _reason(error: Exception) -> str:
    """Say it in the system's words, without its number."""
    said = error.strerror if isinstance(error, OSError) else None
    return said.lower() if said else str(error)


def _knock(docker_host: str) -> None:
    """See that somebody listens: the SDK leaves a socket open where nobody does."""
    if docker_host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(LOOK_SECONDS)
            probe.connect(docker_host.removeprefix("unix://"))


def _has(client: docker.DockerClient, image: StoredImage) -> bool:
    return all(_names(client, name.familiar, image) for name in image.names)


def _names(client: docker.DockerClient, name: str, image: StoredImage) -> bool:
    """Say whether a name means this image there.

    The id is the digest of the configuration in Docker's own image store, but that of
    the manifest in containerd's; there the layers and the labels tell.
    """
    try:
        found: dict[str, Any] = client.images.get(name).attrs
    except ImageNotFound:
        return False
    if found["Id"] == image.id.text:
        return True
    layers = [digest.text for digest in image.config.rootfs.diff_ids]
    labels = image.config.config.labels
    return bool(
        found["RootFS"].get("Layers") == layers
        and found["Config"].get("Labels") == labels
    )


def _send(client: docker.DockerClient, images: Sequence[SavedImage]) -> None:
    try:
        # requests sends a generator in chunks, whatever the stubs know of it.
        client.images.load(cast(bytes, _stream(images)))
    except ImageLoadError as error:
        raise InternalError(f"the engine refused the images: {error}") from error


def _stream(images: Sequence[SavedImage]) -> Iterator[bytes]:
    """Give an archive piece by piece while a thread writes it."""
    reader, writer = os.pipe()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(writer, "wb") as out:
                write_archive(images, out)
        except BrokenPipeError:
            return  # the engine hung up; what it said is the error to tell
        except Exception as error:  # noqa: BLE001 - told by the other thread, below
            failures.append(error)

    thread = threading.Thread(target=write, name="image archive")
    thread.start()
    try:
        while chunk := os.read(reader, _CHUNK_BYTES):
            yield chunk
    finally:
        os.close(reader)
        thread.join()
    if failures:
        raise InternalError("cannot read the images in the cache") from failures[0]
