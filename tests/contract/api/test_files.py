"""Files of containers and images made of them: the same on both engines."""

import base64
import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zstandard

from tests.contract.api.world import PREFIX, container
from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

PATHS = (
    *("/d", "/d/", "/d/.", "/dl", "/dl/", "/dl/.", "/dangling", "/d/lnk", "/rootl"),
    *("/nope", "/nope/x", "d/../d", "/d/f", ""),
)


def tar_of(*entries: tuple[str, str]) -> bytes:
    """Make a tar of names and what they are: ``text``, ``-> link`` or ``/``."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, what in entries:
            info = tarfile.TarInfo(name)
            info.mtime = 1_700_000_000
            if what == "/":
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif what.startswith("-> "):
                info.type, info.linkname = tarfile.SYMTYPE, what[3:]
            info.size = len(what) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(what.encode()) if info.isreg() else None)
    return out.getvalue()


TREE = tar_of(
    ("d", "/"),
    ("d/f", "hello"),
    ("d/sub", "/"),
    ("d/lnk", "-> f"),
    ("dl", "-> d"),
    ("dangling", "-> nowhere"),
    ("rootl", "-> /"),
)


@pytest.fixture(params=[False, True], ids=["created", "running"])
def boxes(
    request: pytest.FixtureRequest, both: tuple[Engine, Engine]
) -> Iterator[list[tuple[Engine, str]]]:
    """Give a container in each engine, with the tree in it."""
    ours, theirs = both
    with (
        container(ours, "files", start=request.param) as one,
        container(theirs, "files", start=request.param) as other,
    ):
        found = [(ours, one), (theirs, other)]
        for engine, made in found:
            assert put(engine, made, "/", TREE)[0] == 200
        yield found


def put(
    engine: Engine, made: str, path: str, tar: bytes, more: str = ""
) -> tuple[int, Any]:
    status, _, answer = engine.request(
        "PUT", f"/v1.41/containers/{made}/archive?path={path}{more}", tar
    )
    return status, json.loads(answer)["message"] if answer else ""


def seen(engine: Engine, made: str, path: str) -> Any:
    """Return status code, header and names in the tar, or the refusal."""
    url = f"/v1.41/containers/{made}/archive?path={path}"
    status, headers, answer = engine.request("GET", url)
    if status != 200:
        return status, json.loads(answer)["message"].replace(made, "<id>")
    found = json.loads(base64.b64decode(headers["x-docker-container-path-stat"]))
    looked = engine.request("HEAD", url)[1]["x-docker-container-path-stat"]
    assert json.loads(base64.b64decode(looked)) == found
    with tarfile.open(fileobj=io.BytesIO(answer)) as tar:
        names = [
            (member.name, member.type, member.mode & 0o7777, member.linkname)
            for member in tar.getmembers()
        ]
    return found, names


@pytest.mark.parametrize("path", PATHS)
def test_paths_mean_the_same(boxes: list[tuple[Engine, str]], path: str) -> None:
    ours, theirs = (seen(engine, made, path) for engine, made in boxes)
    assert ours == theirs


@pytest.mark.parametrize("path", ["/d", "/dl", "/d/f", "/d/lnk", "/nope", ""])
def test_tars_go_to_the_same_places(boxes: list[tuple[Engine, str]], path: str) -> None:
    tar = tar_of(("new", "text"), ("sub", "/"), ("sub/x", "y"))
    answers = []
    for engine, made in boxes:
        status, text = put(engine, made, path, tar)
        answers.append(
            (status, text.replace(made, "<id>"), seen(engine, made, "/d")[1])
        )
    assert answers[0] == answers[1]


PACKERS: tuple[Callable[[bytes], bytes], ...] = (
    *(gzip.compress, bz2.compress, lzma.compress),
    zstandard.ZstdCompressor().compress,
)


@pytest.mark.parametrize("pack", PACKERS, ids=["gzip", "bzip2", "xz", "zstd"])
def test_tars_may_be_packed(
    boxes: list[tuple[Engine, str]], pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(tar_of(("new", "text"), ("sub", "/"), ("sub/x", "y")))
    answers = []
    for engine, made in boxes:
        status, _ = put(engine, made, "/d", packed)
        answers.append((status, seen(engine, made, "/d")[1]))
        assert status == 200 or (engine, pack) == (boxes[1][0], PACKERS[-1])
    if answers[1][0] == 200:  # a dockerd of before 20.10.22 knows no zstd
        assert answers[0] == answers[1]
    status, _ = put(*boxes[0], "/d", packed[: len(packed) // 2])
    assert status == 500


def test_what_changed_and_what_is_exported(boxes: list[tuple[Engine, str]]) -> None:
    changed, exported = [], []
    for engine, made in boxes:
        found = engine.json("GET", f"/v1.41/containers/{made}/changes")[1]
        changed.append(sorted((one["Path"], one["Kind"]) for one in found))
        data = engine.request("GET", f"/v1.41/containers/{made}/export")[2]
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            exported.append(
                sorted((m.name, m.type, m.mode & 0o7777) for m in tar.getmembers())
            )
    assert changed[0] == changed[1]
    assert exported[0] == exported[1]


@pytest.mark.parametrize(
    ("path", "tar", "more"),
    [
        ("/", tar_of(("d", "x")), "&noOverwriteDirNonDir=true"),
        ("/", tar_of(("dl", "/")), "&noOverwriteDirNonDir=true"),
        ("/d", tar_of(("../../evil", "x")), ""),
        ("/", b"junk" * 200, ""),
    ],
    ids=["file-on-folder", "folder-on-file", "way-out", "junk"],
)
def test_bad_tars_are_refused(
    boxes: list[tuple[Engine, str]], path: str, tar: bytes, more: str
) -> None:
    statuses = [put(engine, made, path, tar, more)[0] for engine, made in boxes]
    assert statuses == [500, 500]


def test_an_image_of_a_container_is_the_same(boxes: list[tuple[Engine, str]]) -> None:
    found = []
    for engine, made in boxes:
        name = f"{PREFIX}image:1"
        query = f"container={made}&repo={PREFIX}image&tag=1&comment=why&author=me"
        changes = "&changes=ENV+A%3D1&changes=CMD+%5B%22x%22%5D&changes=EXPOSE+80"
        status, answer = engine.json(
            "POST", f"/v1.41/commit?{query}{changes}", {"User": "app"}
        )
        assert status == 201, answer
        image = engine.json("GET", f"/v1.41/images/{name}/json")[1]
        history = engine.json("GET", f"/v1.41/images/{name}/history")[1]
        engine.request("DELETE", f"/images/{name}")
        image["Config"]["Labels"] = image["Config"]["Labels"] or {}
        found.append(
            (
                {key: image[key] for key in ("Config", "Comment", "Author")},
                image["Parent"] != "",
                len(image["RootFS"]["Layers"]),
                [(one["CreatedBy"], one["Comment"]) for one in history],
                [one["Id"] != "<missing>" for one in history],
            )
        )
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "change",
    ["RUN+x", "FOO+x", "ENV", "ENV+a", "LABEL", "USER", "STOPSIGNAL+9", "ARG+x"],
)
def test_changes_are_refused_in_the_same_words(
    boxes: list[tuple[Engine, str]], change: str
) -> None:
    answers = []
    for engine, made in boxes:
        path = f"/v1.41/commit?container={made}&changes={change}"
        answers.append(engine.json("POST", path))
    assert answers[0] == answers[1]


def test_an_imported_image_is_the_same(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        name = f"{PREFIX}imported"
        query = f"fromSrc=-&repo={name}&tag=1&message=why&changes=ENV+A%3D1"
        status, _, answer = engine.request(
            "POST", f"/v1.41/images/create?{query}", TREE
        )
        assert status == 200, answer
        image = engine.json("GET", f"/v1.41/images/{name}:1/json")[1]
        engine.request("DELETE", f"/images/{name}:1")
        assert json.loads(answer) == {"status": image["Id"]}
        found.append([image[key] for key in ("Config", "Comment", "RootFS")])
    assert found[0] == found[1]
