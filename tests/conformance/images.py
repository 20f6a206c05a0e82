"""Stand-ins for the images that docker-py's tests use, made of a static busybox."""

import io
import json
import subprocess
import tarfile
from hashlib import sha256
from pathlib import Path

from labkit.base.machine import host_architecture

NAMES = ("alpine:3.10", "alpine:latest", "busybox:latest")
_FOLDERS = (
    *("bin", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root"),
    *("run", "sbin", "srv", "sys", "tmp", "usr", "usr/bin", "usr/sbin", "var"),
    *("var/log", "var/opt", "var/tmp"),
)
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\npostgres:x:70:70::/var/lib:/bin/sh\n",
    "etc/group": "root:x:0:root\npostgres:x:70:\n",
}
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def stand_ins(busybox: Path) -> bytes:
    """Return an archive for ``docker load``: one image that has all the names."""
    layer = _layer(busybox)
    config = json.dumps(
        {
            "architecture": host_architecture(),
            "os": "linux",
            "created": "2024-01-01T00:00:00Z",
            "config": {"Env": [_PATH], "Cmd": ["/bin/sh"]},
            "rootfs": {
                "type": "layers",
                "diff_ids": [f"sha256:{sha256(layer).hexdigest()}"],
            },
            "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "tests"}],
        }
    ).encode()
    name = sha256(config).hexdigest() + ".json"
    entry = {"Config": name, "RepoTags": NAMES, "Layers": ["layer.tar"]}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _add(tar, name, config)
        _add(tar, "layer.tar", layer)
        _add(tar, "manifest.json", json.dumps([entry]).encode())
    return archive.getvalue()


def _layer(busybox: Path) -> bytes:
    listed = subprocess.run([busybox, "--list"], capture_output=True, check=True)
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for folder in _FOLDERS:
            entry = tarfile.TarInfo(folder)
            entry.type = tarfile.DIRTYPE
            entry.mode = 0o1777 if folder.endswith("tmp") else 0o755
            tar.addfile(entry)
        _add(tar, "bin/busybox", busybox.read_bytes(), 0o755)
        for applet in listed.stdout.decode().split():
            if applet != "busybox":
                link = tarfile.TarInfo(f"bin/{applet}")
                link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(link)
        for path, text in _FILES.items():
            _add(tar, path, text.encode())
    return layer.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))
