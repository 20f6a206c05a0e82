"""Saved images small enough to be written by hand, as three kinds of engine save."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from typing import BinaryIO, cast

from labkit.layers.archive import ChunkStream

HISTORY = [
    {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
    {"created_by": '/bin/sh -c #(nop)  CMD ["sh"]', "empty_layer": True},
    {"created_by": "RUN /bin/sh -c rm big # buildkit"},
]
LOW = {"etc/": "", "etc/a": "aaa", "big": "b" * 100}
HIGH = {"etc/": "", "etc/a": "AAAA", "etc/b": "b", ".wh.big": ""}


def layer_tar(files: Mapping[str, str]) -> bytes:
    """Pack files; a name with a slash at its end is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name.rstrip("/"))
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def saved_old(layers: Sequence[bytes]) -> bytes:
    """As engines before 25 do: a folder for each layer, a link for a repeat."""
    members: dict[str, bytes | str] = {}
    names: list[str] = []
    first: dict[bytes, str] = {}
    for number, layer in enumerate(layers):
        name = f"{number}/layer.tar"
        members[name] = f"../{first[layer]}" if layer in first else layer
        members[f"{number}/json"] = b"{}"
        members[f"{number}/VERSION"] = b"1.0"
        first.setdefault(layer, name)
        names.append(name)
    return _archive(members, names, len(layers))


def saved_new(layers: Sequence[bytes], packed: bool = False) -> bytes:
    """As newer ones do: blobs; with containerd's store they are packed."""
    members: dict[str, bytes | str] = {"oci-layout": b"{}"}
    names: list[str] = []
    for number, layer in enumerate(layers):
        name = f"blobs/sha256/{number:064x}"
        members[name] = gzip.compress(layer) if packed else layer
        names.append(name)
    return _archive(members, names, len(layers))


def stream(data: bytes, step: int = 1000) -> BinaryIO:
    """Give bytes as a client does: chunk by chunk."""
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    return cast(BinaryIO, ChunkStream(pieces))


def _archive(
    members: dict[str, bytes | str], layers: Sequence[str], count: int
) -> bytes:
    digests = [f"sha256:{number:064x}" for number in range(count)]
    config = {"rootfs": {"diff_ids": digests}, "history": HISTORY}
    manifest = [{"Config": "config.json", "Layers": layers}]
    members["config.json"] = json.dumps(config).encode()
    members["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(data, str):
                member.type, member.linkname = tarfile.SYMTYPE, data
                tar.addfile(member)
            else:
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return out.getvalue()
