"""The real docker command line and the real Compose, building by our plug-in."""

import json
import os
import re
import tarfile
from pathlib import Path

import pytest

from tests.engines import OurEngine
from tests.system.docker_cli.plugged import docker

pytestmark = [pytest.mark.root, pytest.mark.slow]

PREFIX = "labtest/buildx-"
DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG TAG=latest
FROM labtest/busybox:$TAG AS build
WORKDIR /w
RUN --mount=type=secret,id=word test "$(cat /run/secrets/word)" = s3cret && echo ok > r
RUN test "$(hostname)" = buildkitsandbox && test ! -e /.dockerenv
COPY --from=other h .
COPY <<EOF text
hello
EOF
FROM scratch
COPY --from=build /w /
CMD echo never
"""
COMPOSE = """\
services:
  base:
    image: labtest/buildx-base
    build: {context: ., dockerfile_inline: "FROM labtest/busybox\\nRUN echo b > /b\\n"}
  top:
    image: labtest/buildx-top
    build:
      context: .
      additional_contexts: {below: "service:base"}
      dockerfile_inline: "FROM below\\nRUN cat /b\\n"
"""
_SYS_ADMIN = 21  # its bit among the capabilities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / ".dockerignore").write_text("word\nbig\n")
    (tmp_path / "word").write_text("s3cret")
    (tmp_path / "big").write_bytes(b"x" * 100_000)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/h").write_text("from elsewhere\n")
    return tmp_path


def test_builds_with_secrets_contexts_and_outputs(
    lab_engine: OurEngine, folder: Path
) -> None:
    words = ("build", "--secret", "id=word,src=word", "--build-context", "other=other")
    done = docker(
        lab_engine, folder, *words, "-t", f"{PREFIX}a", "--iidfile", "id", "."
    )
    assert done.returncode == 0, done.stderr
    assert "#1 [internal] load build definition from Dockerfile\n" in done.stderr
    assert "] RUN --mount=type=secret,id=word test" in done.stderr
    assert f"naming to docker.io/{PREFIX}a:latest done\n" in done.stderr
    assert " 1 warning found" in done.stderr
    assert " - JSONArgsRecommended: " in done.stderr
    assert "100.00kB" not in done.stderr  # the context is without what is ignored
    status, image = lab_engine.json("GET", f"/images/{PREFIX}a/json")
    assert (status, image["Id"]) == (200, (folder / "id").read_text())

    again = docker(lab_engine, folder, *words, "-o", "out", ".")
    assert "CACHED" in again.stderr
    assert (folder / "out/text").read_text() == "hello\n"
    assert (folder / "out/h").read_text() == "from elsewhere\n"
    assert (folder / "out").stat().st_uid == os.getuid()

    packed = docker(
        lab_engine,
        folder,
        *words,
        "-q",
        "-o",
        "type=oci,name=labtest/oci,dest=x.tar",
        ".",
    )
    assert packed.stdout.strip() == image["Id"]
    with tarfile.open(folder / "x.tar") as tar:
        assert {"oci-layout", "index.json"} <= set(tar.getnames())
        index = tar.extractfile("index.json")
        assert index is not None
        about = json.load(index)["manifests"][0]["annotations"]
    assert about["io.containerd.image.name"] == "docker.io/labtest/oci:latest"
    assert lab_engine.json("GET", "/images/labtest/oci/json")[0] == 404

    # An image with no other name goes with the one that it had for the archive.
    words = ("build", "-q", "-t", "labtest/only", "-o", "type=oci,dest=x.tar", "-")
    text = "FROM labtest/busybox\nLABEL only=here\n"
    done = docker(lab_engine, folder, *words, data=text)
    assert (done.returncode, done.stderr) == (0, "")


def test_says_what_went_wrong_and_where(lab_engine: OurEngine, folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM labtest/busybox\nRUN echo oh; exit 3\n")
    done = docker(lab_engine, folder, "build", ".")
    assert done.returncode == 1
    assert "#4 ERROR: " in done.stderr
    assert "   2 | >>> RUN echo oh; exit 3\n" in done.stderr
    assert done.stderr.endswith(
        "ERROR: failed to build: failed to solve: process "
        '"/bin/sh -c echo oh; exit 3" did not complete successfully: exit code: 3\n'
    )
    text = "FROM labtest/busybox\nRUN --security=insecure grep CapEff /proc/1/status\n"
    (folder / "Dockerfile").write_text(text)
    done = docker(lab_engine, folder, "build", ".")
    assert done.stderr.endswith("failed to solve: security.insecure is not allowed\n")
    done = docker(lab_engine, folder, "build", "--allow", "security.insecure", ".")
    found = re.search(r"CapEff:\s+(\w+)", done.stderr)
    assert found is not None
    assert int(found[1], 16) >> _SYS_ADMIN & 1
    done = docker(lab_engine, folder, "build", "--allow", "root", ".")
    assert done.stderr.endswith("unknown entitlement root\n")
    (folder / "Dockerfile").write_text("FROM labtest/busybox\n\nRUNN x\n")
    done = docker(lab_engine, folder, "build", ".")
    assert "dockerfile parse error on line 3: unknown instruction: RUNN" in done.stderr
    assert "   3 | >>> RUNN x\n" in done.stderr


def test_checks_without_building(lab_engine: OurEngine, folder: Path) -> None:
    done = docker(lab_engine, folder, "build", "--check", ".")
    assert done.returncode == 1
    assert done.stdout.startswith("Check complete, 1 warning has been found!\n")
    assert "WARNING: JSONArgsRecommended - https://docs.docker.com/" in done.stdout


def test_compose_bakes(lab_engine: OurEngine, folder: Path) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)
    done = docker(lab_engine, folder, "compose", "--progress", "plain", "build")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert "[base 2/2] RUN echo b > /b\n" in said
    assert "[top 2/2] RUN cat /b\n" in said
    found = lab_engine.json("GET", "/images/labtest/buildx-top/json")[1]
    assert found["Config"]["Labels"]["com.docker.compose.service"] == "top"


def test_what_is_told_of_the_cache_is_true(lab_engine: OurEngine, folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        "FROM labtest/busybox\nRUN head -c 3000000 /dev/urandom > /random\n"
        "RUN --mount=type=cache,target=/c,id=told head -c 1000000 /dev/zero > /c/x\n"
    )
    name = f"{PREFIX}told"
    assert docker(lab_engine, folder, "build", "-t", name, ".").returncode == 0

    def records() -> dict[str, tuple[int, bool]]:
        found = lab_engine.json("GET", "/system/df?type=build-cache")[1]["BuildCache"]
        return {
            one["Description"]: (one["Size"], one["Shared"])
            for one in found or ()
            if "/random" in one["Description"] or "told" in one["Description"]
        }

    mount, step = sorted(records())[::-1]
    assert "cache mount" in mount
    assert records() == {mount: (1_000_000, False), step: (3_000_000, True)}
    (layer,) = (
        one["ID"]
        for one in lab_engine.json("GET", "/system/df")[1]["BuildCache"]
        if one["Description"] == step
    )
    prune = ("builder", "prune", "-f", "--filter", f"id={layer}")
    assert "Total:\t0B" in docker(lab_engine, folder, *prune).stdout
    docker(lab_engine, folder, "rmi", name)
    assert records()[step] == (3_000_000, False)
    late = docker(lab_engine, folder, *prune, "--filter", "until=1h")
    assert "Total:\t0B" in late.stdout
    assert "Total:\t3MB" in docker(lab_engine, folder, *prune).stdout.replace(".00", "")
    assert set(records()) == {mount}
    bad = docker(lab_engine, folder, *prune, "--filter", "until=soon")
    assert bad.returncode == 1


def test_bakes_a_file_and_tells_of_the_cache(
    lab_engine: OurEngine, folder: Path
) -> None:
    target = {"dockerfile-inline": "FROM labtest/busybox\nRUN echo c > /c\n"}
    file = {"target": {"default": {**target, "tags": [f"{PREFIX}baked"]}}}
    (folder / "docker-bake.json").write_text(json.dumps(file))
    done = docker(lab_engine, folder, "buildx", "bake", "--metadata-file", "m")
    assert done.returncode == 0, done.stderr
    known = json.loads((folder / "m").read_text())["default"]
    assert known["image.name"] == f"docker.io/{PREFIX}baked:latest"
    listed = docker(lab_engine, folder, "buildx", "du").stdout
    assert "Reclaimable:" in listed
    assert "default" in docker(lab_engine, folder, "buildx", "ls").stdout
    pruned = docker(lab_engine, folder, "builder", "prune", "-f", "-a")
    assert pruned.stdout.splitlines()[-1].startswith("Total:\t")


def test_bakes_what_people_write(lab_engine: OurEngine, folder: Path) -> None:
    (folder / "docker-bake.hcl").write_text(
        'variable "TAG" { default = "dev" }\n'
        'target "hcl" {\n'
        '  name = "hcl-${word}"\n'
        '  matrix = { word = ["one", "two"] }\n'
        '  tags = ["labtest/hcl-${word}:${TAG}"]\n'
        "  dockerfile-inline = <<-END\n"
        "    FROM labtest/busybox\n"
        '    RUN echo "${upper(word)} $${PATH}" > /word\n'
        "  END\n"
        "}\n"
    )
    (folder / "compose.yaml").write_text(
        "services:\n"
        "  web:\n"
        "    image: labtest/hcl-web\n"
        "    build:\n"
        "      context: .\n"
        "      dockerfile_inline: |\n"
        "        FROM labtest/busybox\n"
        "        ENV WHO=me\n"
        '        RUN echo "$${WHO} $$WHO" > /word\n'
    )
    done = docker(lab_engine, folder, "buildx", "bake", "hcl", "web")
    assert done.returncode == 0, done.stderr
    for image, word in (
        *(("hcl-one:dev", "ONE /bin:"), ("hcl-two:dev", "TWO /bin:")),
        ("hcl-web", "me me\n"),
    ):
        command = ("run", "--rm", f"labtest/{image}", "cat", "/word")
        assert docker(lab_engine, folder, *command).stdout.startswith(word)
    # Compose sends its builds as a bake file, too, with each ${ written as $${.
    done = docker(lab_engine, folder, "compose", "build")
    assert done.returncode == 0, done.stderr
    command = ("run", "--rm", "labtest/hcl-web", "cat", "/word")
    assert docker(lab_engine, folder, *command).stdout == "me me\n"
