"""Sources and targets of the cache."""

import io
import tarfile
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.caches import read_source, read_target, write_layout
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.wish import Cache
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.images import add


def test_reads_sources() -> None:
    assert read_source("a:1") == Cache("registry", "a:1")
    assert read_source("type=registry,ref=a:1") == Cache("registry", "a:1")
    assert read_source("type=local,src=/x") == Cache("local", "/x")


def test_reads_targets() -> None:
    assert read_target("type=inline") == Cache("inline")
    assert read_target("type=registry,ref=a,mode=max") == Cache("registry", "a")
    assert read_target("type=local,dest=x") == Cache("local", "x")


@pytest.mark.parametrize("text", ["type=gha", "type=s3,bucket=x", "ref=a", "type="])
def test_refuses_what_this_engine_has_none_of(text: str) -> None:
    with pytest.raises(BuildxError, match="use type=registry, type=local"):
        read_source(text)
    with pytest.raises(BuildxError, match="use type=inline, type=registry"):
        read_target(text)


def test_a_place_has_to_be_named() -> None:
    with pytest.raises(BuildxError, match="has to say src="):
        read_source("type=local")
    with pytest.raises(BuildxError, match="has to say ref="):
        read_target("type=registry")


def test_an_image_becomes_a_layout(tmp_path: Path) -> None:
    def saved(*names: str) -> bytes:
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name in names:
                add(tar, name, name.encode())
        return file.getvalue()

    layout = saved("oci-layout", "index.json", "blobs/sha256/1", "manifest.json")
    for data in (layout, saved("manifest.json")):
        with fake_engine(tmp_path, answers={"GET /images/get": (200, data)}) as fake:
            if data is layout:
                write_layout(fake.engine, "sha256:1", tmp_path / "cache")
            else:
                with pytest.raises(BuildxError, match="saves no OCI layouts"):
                    write_layout(fake.engine, "sha256:1", tmp_path / "other")
    found = {path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()}
    assert found == {"oci-layout", "index.json", "1"}
