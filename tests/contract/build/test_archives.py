"""What one engine saved, the other loads: ids, names and layers are the same.

Docker's format is what both write; an OCI layout is what skopeo, and a newer dockerd
beside it, makes of one. Archives come plain or packed.
"""

import gzip
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.engines import Engine, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

FIRST, SECOND = "labtest/archive-a", "labtest/archive-b"
NAMES = (f"{FIRST}:1", f"{FIRST}:2", f"{SECOND}:1")
COPY = ("skopeo", "copy", "-q", "--insecure-policy")
DOCKERFILE = """\
FROM labtest/busybox
RUN mkdir -p /d/e && echo a > /d/e/f && ln -s f /d/e/l && ln /d/e/f /d/h
RUN chmod 4755 /d/h
RUN rm /d/e/l && rm -r /d/e && mkdir /d/e && chown 7:8 /d/e
ENV A=1
LABEL b="c d"
"""
_LAYER = "application/vnd.oci.image.layer.v1"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.fixture(scope="module", params=["ours", "dockerds"])
def sides(
    request: pytest.FixtureRequest, lab_engine: OurEngine, real_dockerd: Engine
) -> Iterator[tuple[Engine, Engine]]:
    """Give who saves, with three names of two images, and who loads."""
    pair: tuple[Engine, Engine] = (lab_engine, real_dockerd)
    saver, loader = pair if request.param == "ours" else pair[::-1]
    for name, more in ((FIRST, ""), (SECOND, "CMD x\n")):
        text = (DOCKERFILE + more).encode()
        done = saver.docker("build", "-t", f"{name}:1", "-", data=text, timeout=120)
        assert done.returncode == 0, done.stderr
    saver.docker("tag", f"{FIRST}:1", f"{FIRST}:2")
    yield saver, loader
    for engine in pair:
        engine.docker("rmi", "-f", *NAMES)


def saved(engine: Engine, *names: str) -> bytes:
    query = "&".join(f"names={name}" for name in names)
    status, _, data = engine.request("GET", f"/images/get?{query}")
    assert status == 200, data[:200]
    return data


def looked_at(engine: Engine, name: str) -> dict[str, Any]:
    status, image = engine.json("GET", f"/v1.41/images/{name}/json")
    assert status == 200, name
    history = engine.json("GET", f"/v1.41/images/{name}/history")[1]
    known = ("Id", "RepoTags", "Config", "RootFS", "Os", "Architecture", "Created")
    lines = [(one["CreatedBy"], one["Created"]) for one in history]
    return {**{key: image[key] for key in known}, "history": lines}


def files_of(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    """Return what a container of an image would see."""
    wanted = {"Image": name, "Cmd": ["x"]}
    status, made = engine.json("POST", "/v1.41/containers/create", wanted)
    assert status == 201, made
    try:
        data = engine.request("GET", f"/v1.41/containers/{made['Id']}/export")[2]
    finally:
        engine.request("DELETE", f"/containers/{made['Id']}")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return sorted(
            (
                one.name,
                one.type,
                one.mode & 0o7777,
                one.uid,
                one.gid,
                one.size,
                one.linkname,
            )
            for one in tar
            if one.name.startswith("d")
        )


def is_known(engine: Engine, name: str) -> bool:
    return engine.request("GET", f"/images/{name}/json")[0] == 200


def loaded(engine: Engine, archive: bytes) -> str:
    """Load an archive into an engine that has nothing of it; return what it says."""
    engine.docker("rmi", "-f", *NAMES)
    status, _, answer = engine.request("POST", "/images/load?quiet=1", archive)
    assert status == 200, answer
    assert b'"error"' not in answer, answer
    lines = [json.loads(line) for line in answer.splitlines()]
    return "".join(line.get("stream", "") for line in lines)


def unpacked_by_skopeo(archive: bytes, folder: Path) -> Iterator[bytes]:
    """Give each image of an archive again, plain, as another reader understood it."""
    if shutil.which("skopeo") is None:
        pytest.skip("needs skopeo")
    packed = folder / "packed.tar"
    packed.write_bytes(archive)
    for at, name in enumerate(NAMES):
        plain = folder / f"{at}.tar"
        places = [f"docker-archive:{path}:{name}" for path in (packed, plain)]
        subprocess.run([*COPY, *places], check=True)
        yield plain.read_bytes()


def media_types(layout: Path) -> set[str]:
    """Return how the layers of a layout's first image are packed."""
    with tarfile.open(layout) as tar:

        def read(name: str) -> Any:
            member = tar.extractfile(name)
            assert member is not None
            return json.load(member)

        digest = read("index.json")["manifests"][0]["digest"].replace(":", "/")
        return {one["mediaType"] for one in read(f"blobs/{digest}")["layers"]}


@pytest.mark.parametrize("pack", PACKERS)
def test_several_images_by_name(
    sides: tuple[Engine, Engine], pack: str, tmp_path: Path
) -> None:
    saver, loader = sides
    archive = PACKERS[pack](saved(saver, FIRST, NAMES[2]))
    if pack == "zstd" and loader.name != "labkit":
        # This dockerd is older than its zstd; skopeo isn't.
        loader.docker("rmi", "-f", *NAMES)
        for one in unpacked_by_skopeo(archive, tmp_path):
            loader.load(one)
    else:
        said = loaded(loader, archive)
        assert sorted(said.splitlines()) == [f"Loaded image: {name}" for name in NAMES]
    for name in NAMES:
        assert looked_at(loader, name) == looked_at(saver, name)
    assert files_of(loader, NAMES[2]) == files_of(saver, NAMES[2])


def test_by_id_an_image_has_no_name(sides: tuple[Engine, Engine]) -> None:
    saver, loader = sides
    image_id = looked_at(saver, NAMES[2])["Id"]
    assert loaded(loader, saved(saver, image_id)) == f"Loaded image ID: {image_id}\n"
    assert not is_known(loader, NAMES[2])
    assert looked_at(loader, image_id)["RepoTags"] == []
    loader.request("DELETE", f"/images/{image_id}")


def test_an_oci_layout_is_the_same_image(
    sides: tuple[Engine, Engine], tmp_path: Path
) -> None:
    saver, loader = sides
    if shutil.which("skopeo") is None:
        pytest.skip("needs skopeo")
    wanted = looked_at(saver, NAMES[2])
    archive = tmp_path / "saved.tar"
    archive.write_bytes(saved(saver, NAMES[2]))
    if loader.name == "labkit":
        for compress in ("gzip", "zstd"):
            layout = tmp_path / f"{compress}.tar"
            wish = ("--dest-compress-format", compress, f"docker-archive:{archive}")
            target = f"oci-archive:{layout}:{NAMES[2]}"
            subprocess.run([*COPY, *wish, target], check=True)
            assert media_types(layout) == {f"{_LAYER}.tar+{compress}"}
            loaded(loader, layout.read_bytes())
            found = looked_at(loader, NAMES[2])  # its id is that of OCI's configuration
            assert found["RootFS"] == wanted["RootFS"]
            assert found["Config"]["Env"] == wanted["Config"]["Env"]
        return
    # What we save is a layout as well; this dockerd reads it by way of skopeo.
    folder = tmp_path / "layout"
    with tarfile.open(archive) as tar:
        assert "index.json" in tar.getnames()
        tar.extractall(folder, filter="data")
    docker = f"docker-archive:{tmp_path}/again.tar:{NAMES[2]}"
    subprocess.run([*COPY, f"oci:{folder}", docker], check=True)
    loaded(loader, (tmp_path / "again.tar").read_bytes())
    assert looked_at(loader, NAMES[2])["Id"] == wanted["Id"]
