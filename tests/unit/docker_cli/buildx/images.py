"""Archives of images, as ``docker save`` gives them."""

import io
import json
import tarfile


def add(
    tar: tarfile.TarFile, name: str, data: bytes | None = b"", **values: object
) -> None:
    info = tarfile.TarInfo(name)
    info.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
    info.mode = 0o755 if data is None else 0o644
    info.size = len(data or b"")
    for key, value in values.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data or b""))


def layer(*entries: tuple[str, bytes | None]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, data in entries:
            if isinstance(data, bytes) and data.startswith(b"->"):
                kind, target = tarfile.SYMTYPE, data[2:].decode()
                add(tar, name, b"", type=kind, linkname=target)
            elif isinstance(data, bytes) and data.startswith(b"=>"):
                add(tar, name, b"", type=tarfile.LNKTYPE, linkname=data[2:].decode())
            else:
                add(tar, name, data)
    return file.getvalue()


def saved(*layers: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        names = [f"{n}/layer.tar" for n in range(len(layers))]
        for name, data in zip(names, layers, strict=True):
            add(tar, name, data)
        add(tar, "manifest.json", json.dumps([{"Layers": names}]).encode())
    return file.getvalue()
