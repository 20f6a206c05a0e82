"""Tars for tests, an entry a call."""

import io
import tarfile
from collections.abc import Mapping
from typing import Any


def make_tar(*entries: tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]) -> bytes:
    """Join entries to a tar in PAX format."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry in entries:
            info, data = entry if isinstance(entry, tuple) else (entry, b"")
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def file(name: str, data: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    return _with(info, fields), data


def folder(name: str, **fields: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode = tarfile.DIRTYPE, 0o755
    return _with(info, fields)


def symlink(name: str, target: str, **fields: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return _with(info, fields)


def hard_link(name: str, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.LNKTYPE, target
    return info


def node(name: str, kind: bytes, major: int = 0, minor: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.devmajor, info.devminor = kind, major, minor
    return info


def xattrs(values: Mapping[str, bytes]) -> dict[str, str]:
    """Return ``pax_headers`` that carry extended attributes."""
    return {
        f"SCHILY.xattr.{name}": value.decode(errors="surrogateescape")
        for name, value in values.items()
    }


def _with(info: tarfile.TarInfo, fields: Mapping[str, Any]) -> tarfile.TarInfo:
    for name, value in fields.items():
        setattr(info, name, value)
    return info
