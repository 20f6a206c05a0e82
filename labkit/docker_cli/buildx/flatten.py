"""The files of an image as one tree: its layers, each over those below it.

Read from the archive that ``docker save`` gives. A layer's ``.wh.name`` hides a name of
the layers below, ``.wh..wh..opq`` all that they have in its folder.
"""

import json
import posixpath
import tarfile
from collections.abc import Iterator
from typing import IO

from labkit.docker_cli.buildx.errors import BuildxError

_HIDES = ".wh."
_OPAQUE = ".wh..wh..opq"

Seen = dict[str, tuple[tarfile.TarInfo, tarfile.TarFile]]
Entry = tuple[tarfile.TarInfo, IO[bytes] | None]


class Flattened:
    """An image in an archive; what is read stays on disk until it is asked for."""

    def __init__(self, saved: IO[bytes]) -> None:
        # Both are views of a file that whoever asked will close.
        self._outer = _open(saved)
        manifest = json.load(self._file("manifest.json"))
        self._layers = [_open(self._file(name)) for name in manifest[0]["Layers"]]

    def entries(self) -> Iterator[Entry]:
        """Yield what can be seen, folders before what is in them."""
        seen = self._merge()
        for path in sorted(seen, key=lambda one: one.split("/")):
            info, layer = seen[path]
            yield self._entry(path, info, layer, seen)

    def _merge(self) -> Seen:
        seen: Seen = {}
        for layer in self._layers:
            members = layer.getmembers()
            for info in members:
                self._hide(seen, info)
            for info in members:
                path = _clean(info.name)
                if not path or posixpath.basename(path).startswith(_HIDES):
                    continue
                if path in seen and not (info.isdir() and seen[path][0].isdir()):
                    _remove(seen, path)
                seen[path] = (info, layer)
        return seen

    def _hide(
        self,
        seen: Seen,
        info: tarfile.TarInfo,
    ) -> None:
        folder, name = posixpath.split(_clean(info.name))
        if name == _OPAQUE:
            for path in [
                one for one in seen if one.startswith(f"{folder}/" if folder else "")
            ]:
                del seen[path]
        elif name.startswith(_HIDES):
            _remove(seen, posixpath.join(folder, name.removeprefix(_HIDES)))

    def _entry(
        self,
        path: str,
        info: tarfile.TarInfo,
        layer: tarfile.TarFile,
        seen: Seen,
    ) -> Entry:
        if info.islnk():
            target = _clean(info.linkname)
            if target not in seen or seen[target][1] is not layer or target > path:
                # What it links to is hidden or comes later: the file comes here.
                original = layer.getmember(info.linkname)
                copy = original.replace(name=path, deep=False)
                return copy, layer.extractfile(original)
        data = layer.extractfile(info) if info.isreg() else None
        return info.replace(name=path, deep=False), data

    def _file(self, name: str) -> IO[bytes]:
        try:
            found = self._outer.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise BuildxError(f"the engine's archive of the image has no {name}")
        return found


def _open(file: IO[bytes]) -> tarfile.TarFile:
    return tarfile.TarFile.open(fileobj=file)


def _clean(name: str) -> str:
    path = posixpath.normpath(f"/{name}").lstrip("/")
    return path


def _remove(seen: Seen, path: str) -> None:
    seen.pop(path, None)
    for inside in [one for one in seen if one.startswith(f"{path}/")]:
        del seen[inside]
