"""An image as an engine gives it: any engine, over Docker's API."""

from typing import Any, BinaryIO, cast

import docker
import docker.errors

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.grading.observe.client import answering, connect, said
from labkit.layers.archive import ChunkStream, read_saved
from labkit.layers.model import SavedImage

SAVE_SECONDS = 300.0
"""Some engines put the whole archive on their disk before its first byte comes."""


def look_at_image(docker_host: str, name: str) -> SavedImage:
    """Read an image's layers out of an engine.

    Raises:
        NotFoundError: there is no such image.
        InvalidInputError: the engine takes that for no name of an image.
        UnavailableError: nobody answers at the address.
    """
    client = connect(docker_host, SAVE_SECONDS)
    try:
        with answering(docker_host):
            found: dict[str, Any] = client.inspect_image(name)  # type: ignore[no-untyped-call]
            chunks = client.get_image(found["Id"])
            return read_saved(cast(BinaryIO, ChunkStream(chunks)))
    except docker.errors.NotFound as error:
        raise NotFoundError(said(error)) from error
    except docker.errors.APIError as error:
        raise InvalidInputError(said(error)) from error
    finally:
        client.close()
