"""Where a build takes from: caches, private registries, contexts of any kind."""

import http.server
import json
import shutil
import subprocess
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from labkit.base.environment import ensure_docker_config
from tests.contract.registry.real import CREDENTIALS, real_registry
from tests.engines import BUSYBOX, OurEngine, require_docker_cli
from tests.serving import serving
from tests.system.docker_cli.plugged import docker

pytestmark = [pytest.mark.root, pytest.mark.slow]

DOCKERFILE = """\
FROM labtest/busybox
ENV A=1
COPY f /f
RUN cat /f > /made && date >> /made
LABEL b=2
"""
PREFIX = "labtest/sources-"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / ".dockerignore").write_text("*\n!f\n")
    (tmp_path / "f").write_text("f")
    return tmp_path


def built(engine: OurEngine, folder: Path, *words: str, data: str = "") -> str:
    """Build; return what was said."""
    done = docker(engine, folder, "build", "--iidfile", "id", *words, ".", data=data)
    assert done.returncode == 0, done.stderr
    return done.stderr


def image_id(folder: Path) -> str:
    return (folder / "id").read_text()


def forget(engine: OurEngine, folder: Path, *names: str) -> None:
    """Remove an image, and all that the builder knows."""
    done = docker(engine, folder, "rmi", "-f", image_id(folder), *names)
    assert done.returncode == 0, done.stderr
    docker(engine, folder, "builder", "prune", "-af")
    assert engine.json("GET", f"/images/{image_id(folder)}/json")[0] == 404


def test_a_folder_is_a_cache(lab_engine: OurEngine, folder: Path) -> None:
    built(lab_engine, folder, "--cache-to", "type=local,dest=cache")
    first = image_id(folder)
    forget(lab_engine, folder)
    (folder / "f").touch()
    said = built(lab_engine, folder, "--cache-from", "type=local,src=cache")
    assert image_id(folder) == first
    assert said.count("CACHED") == 2
    forget(lab_engine, folder)
    (folder / "f").write_text("changed")
    said = built(lab_engine, folder, "--cache-from", "type=local,src=cache")
    assert "CACHED" not in said
    said = built(lab_engine, folder, "--cache-from", "type=local,src=nowhere")
    assert "could not read nowhere/index.json: no such file" in said
    # ...and a folder is an image to begin with, too.
    context = ("--build-context", "x=oci-layout://cache", "-f", "-")
    built(lab_engine, folder, *context, data="FROM x\nRUN grep -q ^f /made\n")
    found = docker(lab_engine, folder, "images", "-q", "--no-trunc").stdout
    assert first not in found
    done = docker(lab_engine, folder, "build", "--cache-to", "type=gha", ".")
    assert "cache target 'type=gha' isn't supported here" in done.stderr


def test_a_registry_that_wants_a_name_has_bases_and_caches(
    lab_engine: OurEngine, folder: Path
) -> None:
    with real_registry(folder / "registry", auth=True) as host:
        auth = b64encode(f"{CREDENTIALS.username}:{CREDENTIALS.password}".encode())
        config = ensure_docker_config(folder / "home") / "config.json"
        known = json.loads(config.read_text()) if config.exists() else {}
        known["auths"] = {host: {"auth": auth.decode()}}
        config.write_text(json.dumps(known))
        base, cache = f"{host}/team/base:1", f"{host}/team/cache:1"
        docker(lab_engine, folder, "tag", "labtest/busybox", base)
        assert docker(lab_engine, folder, "push", base).returncode == 0
        docker(lab_engine, folder, "rmi", base)
        (folder / "Dockerfile").write_text(
            DOCKERFILE.replace("labtest/busybox", base)
            + f"COPY --from={base} /bin /b\n"
        )
        said = built(lab_engine, folder, "--cache-to", f"type=registry,ref={cache}")
        assert f" resolve {base} done\n" in said
        first = image_id(folder)
        assert cache not in docker(lab_engine, folder, "images").stdout
        forget(lab_engine, folder, base)
        source = f"type=registry,ref={cache}"
        none = f"type=registry,ref={host}/team/none"
        said = built(lab_engine, folder, "--cache-from", source, "--cache-from", none)
        assert said.count("CACHED") == 3
        assert f"importing cache manifest from {cache}\n" in said
        assert f"cache importer: {host}/team/none: not found\n" in said
        assert image_id(folder) == first
        # The classic door takes both as well; a cache has to be here already.
        forget(lab_engine, folder, base, cache)
        classic = {"DOCKER_BUILDKIT": "0", "DOCKER_CONFIG": str(config.parent)}
        done = subprocess.run(
            [require_docker_cli(), "build", "--cache-from", cache, "."],
            cwd=folder,
            env={**lab_engine.environ(), **classic},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "1: Pulling from team/base\n" in done.stdout
        assert f"Status: Downloaded newer image for {base}\n" in done.stdout
        assert "Using cache" not in done.stdout
        (folder / "config.json").unlink(missing_ok=True)
        docker(lab_engine, folder, "rmi", "-f", base)
        config.write_text(json.dumps({**known, "auths": {}}))
        done = docker(lab_engine, folder, "build", "--no-cache", ".")
        assert done.returncode == 1
        assert "no basic auth credentials" in done.stderr


def test_begins_with_any_context(lab_engine: OurEngine, folder: Path, url: str) -> None:
    assert BUSYBOX is not None
    root = folder / "root"
    (root / "bin").mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin/sh")
    (root / "name").write_text("folder")
    with tarfile.open(folder / "served/x.tgz", "w:gz") as tar:
        tar.add(root, ".")
    lines = "FROM a\nRUN read word < /name; echo it is $word\n"
    for context in ("root", f"{url}/x.tgz"):
        words = ("--build-context", f"a={context}", "-f", "-", "--no-cache")
        assert "it is folder" in built(lab_engine, folder, *words, data=lines)
    words = ("--build-context", "a=docker-image://labtest/busybox", "-f", "-")
    built(lab_engine, folder, *words, data="FROM a\nRUN busybox true\n")
    done = docker(lab_engine, folder, "build", "--build-context", f"a={url}/no", ".")
    assert done.returncode == 1
    assert "404" in done.stderr


def test_says_that_there_is_no_dockerfile(lab_engine: OurEngine, folder: Path) -> None:
    (folder / "Dockerfile").unlink()
    done = docker(lab_engine, folder, "build", ".")
    assert done.stderr.endswith(
        "ERROR: failed to build: failed to solve: failed to read dockerfile: open "
        "Dockerfile: no such file or directory\n"
    )


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    (folder / "served").mkdir()
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=folder / "served")
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}"
