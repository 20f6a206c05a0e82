"""``--cache-from`` and ``--cache-to``: images that tell what was done before.

An image is all that is kept of a cache: its history says which line made which layer.
So ``inline`` has nothing to add, ``registry`` pushes the image under another name, and
``local`` writes it into a folder as an OCI layout.
"""

import tarfile
import tempfile
from pathlib import Path

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.wish import Cache, read_fields

_OF_LAYOUTS = ("oci-layout", "index.json", "blobs/")


def read_source(text: str) -> Cache:
    """Read ``x``, ``type=registry,ref=x`` or ``type=local,src=folder``.

    Raises:
        BuildxError: it is a source of another kind, or names nothing.
    """
    if "=" not in text:
        return Cache("registry", text)
    return _read(text, "source", {"registry": "ref", "local": "src"})


def read_target(text: str) -> Cache:
    """Read ``type=inline``, ``type=registry,ref=x`` or ``type=local,dest=folder``.

    Raises:
        BuildxError: it is a target of another kind, or names nothing.
    """
    if "=" not in text:
        return Cache("registry", text)
    kinds = {"inline": "", "registry": "ref", "local": "dest"}
    return _read(text, "target", kinds)


def _read(text: str, what: str, kinds: dict[str, str]) -> Cache:
    fields = read_fields(text, f"cache {what}", first="")
    kind = fields.get("type", "")
    if kind not in kinds:
        known = ", ".join(f"type={one}" for one in kinds)
        raise BuildxError(f"cache {what} {text!r} isn't supported here: use {known}")
    key = kinds[kind]
    if key and not fields.get(key):
        raise BuildxError(f"cache {what} {text!r} has to say {key}=")
    return Cache(kind, fields.get(key, ""))


def write_layout(engine: Engine, image: str, folder: Path) -> None:
    """Write an image into a folder as an OCI layout.

    Raises:
        BuildxError: it can't be written, or the engine saves no such layouts.
    """
    with tempfile.TemporaryFile() as saved:
        for piece in engine.request("GET", "/images/get", {"names": [image]}).pieces():
            saved.write(piece)
        saved.seek(0)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tarfile.open(fileobj=saved) as tar:
                members = [one for one in tar if one.name.startswith(_OF_LAYOUTS)]
                tar.extractall(folder, members, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise BuildxError(f"cannot write the cache to {folder}: {error}") from error
    if not (folder / "index.json").exists():
        raise BuildxError("this engine saves no OCI layouts: type=local can't be")
