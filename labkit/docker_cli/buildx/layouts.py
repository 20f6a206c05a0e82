"""A folder that is an OCI layout: an image of it, brought into the engine.

It is there as long as a build needs it, without a name, and goes at the end unless the
engine had it before.
"""

import errno
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from labkit.base.errors import os_reason
from labkit.base.files import open_regular
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError, RefusedError
from labkit.docker_cli.buildx.packing import head, one_file, padding

_REF_NAME = "org.opencontainers.image.ref.name"
_INDEX = "application/vnd.oci.image.index.v1+json"
_CONFIGS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_PIECE_BYTES = 1 << 18
_MOST_JSON_BYTES = 4 << 20


@contextmanager
def loaded_layout(engine: Engine, place: str) -> Iterator[str]:
    """Have an image of ``folder``, ``folder:tag`` or ``folder@digest`` in the engine.

    Raises:
        BuildxError: the folder is no layout, or holds no such image.
    """
    folder, descriptor = _find(place)
    image = _config_of(folder, descriptor)
    if _has(engine, image):
        yield image
        return
    pieces = _packed(folder, descriptor)
    for line in engine.request("POST", "/images/load", {"quiet": "1"}, pieces).values():
        if "error" in line:
            raise BuildxError(f"cannot load {place}: {line['error']}")
    try:
        yield image
    finally:
        _drop(engine, image)


def _find(place: str) -> tuple[Path, dict[str, Any]]:
    """Return the folder, and what its index says of the image."""
    folder, digest, tag = Path(place), "", ""
    if "@" in place:
        text, _, digest = place.rpartition("@")
        folder = Path(text)
    elif not folder.is_dir() and ":" in place:
        text, _, tag = place.rpartition(":")
        folder = Path(text)
    for one in _manifests(folder, _read(folder / "index.json")):
        name = (one.get("annotations") or {}).get(_REF_NAME, "")
        if digest and one.get("digest") != digest:
            continue
        if tag and tag not in (name, name.rpartition(":")[2]):
            continue
        return folder, one
    raise BuildxError(f"there is no image {digest or tag or 'at all'} in {folder}")


def _config_of(folder: Path, descriptor: dict[str, Any]) -> str:
    document = _read(_blob(folder, descriptor))
    if descriptor.get("mediaType") == _INDEX and document.get("manifests"):
        document = _read(_blob(folder, _manifests(folder, document)[0]))
    config = document.get("config")
    if not isinstance(config, dict) or config.get("mediaType") not in _CONFIGS:
        raise BuildxError(f"what lies in {folder} is no image")
    return str(config.get("digest"))


def _manifests(folder: Path, document: dict[str, Any]) -> list[dict[str, Any]]:
    found = document.get("manifests") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BuildxError(f"{folder} is no OCI layout: its manifests are no list")
    return found


def _blob(folder: Path, descriptor: dict[str, Any]) -> Path:
    algorithm, _, value = str(descriptor.get("digest", "")).partition(":")
    if not algorithm.isalnum() or not value.isalnum():
        raise BuildxError(f"{folder} is no OCI layout: a digest is missing")
    return folder / "blobs" / algorithm / value


def _read(path: Path) -> dict[str, Any]:
    try:
        with _open(path) as file:
            found = json.loads(file.read(_MOST_JSON_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is no JSON"
        raise BuildxError(f"could not read {path}: {str(reason).lower()}") from error
    if not isinstance(found, dict):
        raise BuildxError(f"could not read {path}: it is no object")
    return found


def _open(path: Path) -> BinaryIO:
    """Open a file of a layout that others made: a fifo would be waited for."""
    file = open_regular(path)
    if file is None:
        kind = errno.EINVAL if path.exists() else errno.ENOENT
        raise OSError(kind, os.strerror(kind))
    return file


def _packed(folder: Path, descriptor: dict[str, Any]) -> Iterator[bytes]:
    """Yield a tar with one image, which has no name in it."""
    plain = {key: value for key, value in descriptor.items() if key != "annotations"}
    index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [plain]}
    yield from one_file("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    yield from one_file("index.json", json.dumps(index).encode())
    for path in sorted((folder / "blobs").glob("*/*")):
        yield from _packed_blob(path)
    yield bytes(1024)


def _packed_blob(path: Path) -> Iterator[bytes]:
    try:
        file = _open(path)
    except OSError as error:
        reason = os_reason(error)
        raise BuildxError(f"could not read {path}: {reason}") from error
    with file:
        size = left = os.fstat(file.fileno()).st_size
        info = tarfile.TarInfo(f"blobs/{path.parent.name}/{path.name}")
        info.size = size
        yield head(info)
        while piece := file.read(min(left, _PIECE_BYTES)):
            left -= len(piece)
            yield piece
    if left:
        raise BuildxError(f"{path} became smaller while it was read")
    yield padding(size)


def _has(engine: Engine, image: str) -> bool:
    try:
        engine.get(f"/images/{image}/json")
    except RefusedError:
        return False
    return True


def _drop(engine: Engine, image: str) -> None:
    try:
        engine.request("DELETE", f"/images/{image}", {"noprune": "1"}).read()
    except RefusedError:
        return  # something stands on it: then it has to stay
