"""Look for a text in all that an image holds: its settings, and every layer of it.

A file that a later layer removes is still in the layer that brought it, and whoever
has the image can read it there. So the image is read as ``docker save`` gives it: a tar
of layer tars, each packed or not, in whatever order. Reading gives up where an image is
too big to be looked through in time.
"""

import io
import tarfile
from collections.abc import Iterable, Iterator

import docker
import docker.errors

from labkit.base.errors import UnavailableError
from labkit.grading.probes import ImageTextProbe, Text

LIMIT_BYTES = 256 << 20
_PLACES = 3
_PACKED = b"\x1f\x8b"


def find_in_image(client: docker.APIClient, probe: ImageTextProbe) -> Text | None:
    """Return where the text is, an empty text if nowhere; ``None`` without image.

    Raises:
        UnavailableError: the image is too big to be looked through.
    """
    try:
        chunks = client.get_image(probe.name)
        archive = _collect(chunks)
    except docker.errors.NotFound:
        return None
    with tarfile.open(fileobj=archive) as outer:
        places = set(_finds(outer, probe.text.encode()))
    return Text(" and in ".join(sorted(places)[:_PLACES]))


def _collect(chunks: Iterable[bytes]) -> io.BytesIO:
    archive = io.BytesIO()
    for chunk in chunks:
        archive.write(chunk)
        if archive.tell() > LIMIT_BYTES:
            raise UnavailableError("the image is too big to be looked through")
    archive.seek(0)
    return archive


def _finds(outer: tarfile.TarFile, wanted: bytes) -> Iterator[str]:
    for member in outer:
        file = outer.extractfile(member) if member.isfile() else None
        if file is None:
            continue
        data = file.read()
        if not _is_layer(data):
            if wanted in data and not _names_only(member.name):
                yield "the image's settings or history"
            continue
        with tarfile.open(fileobj=io.BytesIO(data)) as layer:
            for entry in layer:
                content = layer.extractfile(entry) if entry.isfile() else None
                if content is not None and wanted in content.read():
                    yield f"/{entry.name.removeprefix('./').lstrip('/')} of a layer"


def _is_layer(data: bytes) -> bool:
    """Say whether these bytes are a tar, packed by something that tarfile knows."""
    return data[257:262] == b"ustar" or data.startswith(_PACKED)


def _names_only(name: str) -> bool:
    """Say whether a file of the archive lists names and digests and nothing else."""
    return name in {"manifest.json", "repositories", "index.json", "oci-layout"}
