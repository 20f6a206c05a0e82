"""Pull and push of 200 MB in 5 layers, by way of a real registry on loopback.

Layers are half noise and half text, as software is. Each push sends layers that the
registry has never seen: otherwise both engines would only ask for them.
"""

import io
import itertools
import json
import random
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.bench.works import Work, docker, timed
from tests.contract.registry.real import real_registry
from tests.engines import Engine

LAYERS = 5
FILES = 20
_HALF_BYTES = 1 << 20
_TEXT = b"a line of the text that most of any program's files are made of\n"


class Transfers:
    """Times pulls and pushes of one registry's images."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._numbers = itertools.count()
        self._pulled = ""

    def works(self) -> tuple[Work, ...]:
        return (
            Work("pull of 200 MB in 5 layers", 1.0, self.pull, pairs=3),
            Work("push of 200 MB in 5 layers", 1.0, self.push, pairs=3),
        )

    def push(self, engine: Engine) -> float:
        """Push an image that nobody has seen, and remove it here."""
        name = f"{self._host}/bench/push:{next(self._numbers)}"
        engine.load(large_archive(name))
        try:
            return timed(lambda: docker(engine, "push", "-q", name))
        finally:
            docker(engine, "rmi", name)

    def pull(self, engine: Engine) -> float:
        """Pull an image that is not here, and remove it again."""
        if not self._pulled:
            self._pulled = f"{self._host}/bench/pull:1"
            engine.load(large_archive(self._pulled))
            docker(engine, "push", "-q", self._pulled)
            docker(engine, "rmi", self._pulled)
        try:
            return timed(lambda: docker(engine, "pull", "-q", self._pulled))
        finally:
            docker(engine, "rmi", self._pulled)


@contextmanager
def open_transfers() -> Iterator[Transfers]:
    """Run a registry for the time of a bench."""
    with (
        tempfile.TemporaryDirectory(prefix="lkr-") as folder,
        real_registry(Path(folder) / "registry") as host,
    ):
        yield Transfers(host)


def large_archive(name: str) -> bytes:
    """Make what ``docker save`` gives of an image of 200 MB; its name is its seed."""
    noise = random.Random(name)
    layers = [_layer(noise, number) for number in range(LAYERS)]
    diff_ids = ["sha256:" + sha256(layer).hexdigest() for layer in layers]
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        }
    ).encode()
    paths = [f"{number}/layer.tar" for number in range(LAYERS)]
    entry = {"Config": "config.json", "RepoTags": [name], "Layers": paths}
    manifest = json.dumps([entry]).encode()
    files = [("config.json", config), *zip(paths, layers, strict=True)]
    return _tar([*files, ("manifest.json", manifest)])


def _layer(noise: random.Random, number: int) -> bytes:
    text = _TEXT * (_HALF_BYTES // len(_TEXT))
    return _tar(
        [
            (f"layer{number}/{name}", noise.randbytes(_HALF_BYTES) + text)
            for name in range(FILES)
        ]
    )


def _tar(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()
