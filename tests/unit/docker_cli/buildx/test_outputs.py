"""Where results go."""

import base64
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.door import Result
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.outputs import check_outputs, keeps_image, put_out
from labkit.docker_cli.buildx.wish import Output
from tests.unit.docker_cli.buildx.fake_engine import FakeEngine, fake_engine
from tests.unit.docker_cli.buildx.images import layer, saved
from tests.unit.docker_cli.buildx.test_repack import archive

ARCHIVE = saved(layer(("bin", None), ("bin/x", b"hello"), ("l", b"->/bin/x")))
ANSWERS: dict[str, Any] = {
    "GET /images/get": (200, ARCHIVE),
    "GET /images/sha256:1/json": (200, {"RepoTags": []}),
    "DELETE /images/sha256:1": (200, []),
    "POST /images/sha256:1/tag": (200, []),
    "DELETE /images/docker.io/library/a:latest": (200, []),
    "DELETE /images/docker.io/library/b:2": (200, []),
    "POST /images/reg.io/a/push": (200, [{"status": "ok"}]),
    "POST /images/docker.io/library/b/push": (200, [{"error": "denied"}]),
}


def put(folder: Path, output: Output, *names: str) -> FakeEngine:
    with fake_engine(folder, answers=ANSWERS) as fake:
        put_out(fake.engine, Result("sha256:1", names), (output,), folder)
    return fake


def test_local_is_a_folder_of_the_users(tmp_path: Path) -> None:
    fake = put(tmp_path, Output("local", str(tmp_path / "out")))
    assert (tmp_path / "out/bin/x").read_bytes() == b"hello"
    assert (tmp_path / "out/l").readlink() == Path("/bin/x")
    assert fake.asked[0].query == {"names": ["sha256:1"]}
    assert fake.asked[-1].method == "DELETE"


def test_tar_is_one_tree(tmp_path: Path) -> None:
    put(tmp_path, Output("tar", str(tmp_path / "a.tar")))
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert tar.getnames() == ["bin", "bin/x", "l"]


def test_oci_is_what_the_engine_saves(tmp_path: Path) -> None:
    fake = put(tmp_path, Output("oci", str(tmp_path / "a.tar")))
    assert (tmp_path / "a.tar").read_bytes() == ARCHIVE
    assert fake.asked[0].query == {"names": ["sha256:1"]}


def test_a_layout_may_be_a_folder(tmp_path: Path) -> None:
    answers = {**ANSWERS, "GET /images/get": (200, archive(b"layer"))}
    output = Output("oci", str(tmp_path / "out"), tar=False)
    with fake_engine(tmp_path, answers=answers) as fake:
        put_out(fake.engine, Result("sha256:1"), (output,), tmp_path)
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        *("blobs", "index.json", "oci-layout"),
    ]
    index = json.loads((tmp_path / "out/index.json").read_text())
    digest = index["manifests"][0]["digest"].removeprefix("sha256:")
    manifest = json.loads((tmp_path / "out/blobs/sha256" / digest).read_text())
    assert manifest["layers"][0]["mediaType"].endswith(".tar+gzip")
    with pytest.raises(BuildxError, match=r"cannot write output to .*index.json is"):
        put(tmp_path, output)  # of an engine that saves no such layouts


def test_an_archive_has_names_that_the_engine_had_for_that_time(tmp_path: Path) -> None:
    fake = put(tmp_path, Output("oci", str(tmp_path / "a.tar"), "a,b:2"))
    asked = [(one.method, one.path, one.query) for one in fake.asked]
    names = ["docker.io/library/a:latest", "docker.io/library/b:2"]
    assert ("GET", "/images/get", {"names": names}) in asked
    assert [path for method, path, _ in asked if method == "DELETE"] == [
        *(f"/images/{name}" for name in reversed(names)),
        "/images/sha256:1",
    ]


def test_pushes_with_the_users_credentials(tmp_path: Path) -> None:
    auth = base64.b64encode(b"me:word").decode()
    (tmp_path / "config.json").write_text(
        json.dumps({"auths": {"reg.io": {"auth": auth}}})
    )
    fake = put(tmp_path, Output("registry", push=True), "reg.io/a:2")
    assert fake.asked[0].query == {"tag": ["2"]}
    sent = base64.urlsafe_b64decode(fake.asked[0].headers["X-Registry-Auth"])
    assert json.loads(sent)["username"] == "me"
    with pytest.raises(
        BuildxError, match=r"failed to push docker.io/library/b:1: denied"
    ):
        put(tmp_path, Output("registry", push=True), "docker.io/library/b:1")
    with pytest.raises(BuildxError, match="tag is needed when pushing"):
        put(tmp_path, Output("registry", push=True))


def test_an_image_is_kept_unless_it_goes_elsewhere() -> None:
    assert keeps_image(())
    assert keeps_image((Output("docker"),))
    assert not keeps_image((Output("local", "x"),))
    assert not keeps_image((Output("docker", "x.tar"),))


def test_refuses_before_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildxError, match="is a folder"):
        check_outputs((Output("tar", str(tmp_path)),))
    check_outputs(
        (Output("local", str(tmp_path)), Output("tar", "-"), Output("docker"))
    )


def test_says_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(
        BuildxError, match=r"write output to /no/such/a.tar: no such file"
    ):
        put(tmp_path, Output("tar", "/no/such/a.tar"))


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    evil = saved(layer(("out", b"->/tmp"), ("out/evil", b"x")))
    answers = ANSWERS | {"GET /images/get": (200, evil)}
    with (
        fake_engine(tmp_path, answers=answers) as fake,
        pytest.raises(BuildxError, match="outside the destination"),
    ):
        put_out(
            fake.engine,
            Result("sha256:1"),
            (Output("local", str(tmp_path / "o")),),
            tmp_path,
        )
    assert not Path("/tmp/evil").exists()
