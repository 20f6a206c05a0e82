"""Pull, push and login beside a real dockerd, against the real registry.

The registry has a certificate of an authority that is in ``/etc/docker/certs.d`` and
wants a password. It listens on the machine's own address, since engines believe
whoever answers on 127.0.0.1. Traffic to it never leaves the machine.
"""

import base64
import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contract.registry.authority import Authority
from tests.contract.registry.real import CREDENTIALS, real_registry
from tests.engines import TEST_IMAGE, Engine, busybox_archive

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

CERTIFICATES = Path("/etc/docker/certs.d")
NOBODY = {"username": CREDENTIALS.username, "password": "wrong"}
ME = {"username": CREDENTIALS.username, "password": CREDENTIALS.password}
MINE = "labreg"


@dataclass
class Place:
    """The registry, and the folder of a docker command line that knows it."""

    host: str
    folder: Path

    def docker(self, engine: Engine, *arguments: str, data: bytes = b"") -> str:
        done = subprocess.run(
            engine.command(*arguments),
            env={**engine.environ(), "DOCKER_CONFIG": str(self.folder)},
            input=data,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def skopeo(self, *arguments: str) -> str:
        program = shutil.which("skopeo")
        if program is None:
            pytest.skip("needs skopeo (package skopeo)")
        done = subprocess.run(
            [program, *arguments], capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    @property
    def creds(self) -> str:
        return f"{CREDENTIALS.username}:{CREDENTIALS.password}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("registry")
    address = own_address()
    authority = Authority(folder, address=address)
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(
            real_registry(
                folder / "r", auth=True, tls=authority.issue("server"), address=address
            )
        )
        believed = CERTIFICATES / host
        believed.mkdir(parents=True)
        stack.callback(shutil.rmtree, believed)
        shutil.copy(authority.certificate, believed / "ca.crt")
        yield Place(host, folder / "config")


@pytest.fixture(scope="module")
def engines(lab_engine: Engine, real_dockerd: Engine) -> tuple[Engine, Engine]:
    return lab_engine, real_dockerd


@pytest.fixture
def clean(engines: tuple[Engine, Engine], place: Place) -> Iterator[None]:
    yield
    for engine in engines:
        for image in engine.json("GET", "/images/json")[1]:
            for name in image["RepoTags"] or []:
                if name.startswith(place.host):
                    engine.request("DELETE", f"/images/{name}")


def own_address() -> str:
    found = subprocess.run(["hostname", "-I"], capture_output=True, check=False)
    words = [word for word in found.stdout.decode().split() if ":" not in word]
    if not words:
        pytest.skip("needs an address beside loopback's")
    return words[0]


def header(who: dict[str, str] | None) -> dict[str, str]:
    text = json.dumps(who or {}).encode()
    return {"X-Registry-Auth": base64.urlsafe_b64encode(text).decode()}


def lines(
    engine: Engine, path: str, who: dict[str, str] | None = None
) -> tuple[int, list[dict[str, Any]]]:
    status, _, body = engine.request("POST", path, None, header(who))
    return status, [json.loads(line) for line in body.splitlines() if line]


def words(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Leave out what depends on speed and on how bytes are packed."""
    passing = ("Downloading", "Extracting", "Pushing", "Waiting")
    kept = [one for one in told if one.get("status") not in passing]
    return [(one.get("id", ""), one.get("status") or str(one)) for one in kept]


def facts(engine: Engine, name: str) -> tuple[str, list[str]]:
    _, image = engine.json("GET", f"/images/{name}/json")
    return image["Id"], image["RepoDigests"]


def own_digest(engine: Engine, name: str) -> str:
    repository = name.rpartition(":")[0]
    (found,) = [
        one for one in facts(engine, name)[1] if one.startswith(f"{repository}@")
    ]
    return found.partition("@")[2]


def test_images_cross_over_with_their_digests(
    engines: tuple[Engine, Engine], place: Place, clean: None
) -> None:
    ours, theirs = engines
    for engine in engines:
        told = place.docker(
            engine,
            *("login", "-u", CREDENTIALS.username, "--password-stdin", place.host),
            data=CREDENTIALS.password.encode(),
        )
        assert "Login Succeeded" in told
    for by, to in ((ours, theirs), (theirs, ours)):
        name = f"{place.host}/{MINE}/from-{by.name}:1"
        by.request("POST", f"/images/{TEST_IMAGE}/tag?repo={name[:-2]}&tag=1")
        place.docker(by, "push", name)
        digest = own_digest(by, name)
        listed = json.loads(
            place.skopeo("inspect", f"--creds={place.creds}", f"docker://{name}")
        )
        assert listed["Digest"] == digest
        place.docker(to, "pull", name)
        assert own_digest(to, name) == digest
        assert facts(to, name)[0] == facts(by, name)[0]
        shown = place.docker(to, "images", "--digests", name[:-2])
        assert digest in shown
    # What came from there goes back, into another repository, under the same digest.
    copy = f"{place.host}/{MINE}/copy:1"
    place.docker(ours, "tag", name, copy)
    assert "Mounted from" in place.docker(ours, "push", copy)
    assert own_digest(ours, copy) == digest


def test_an_oci_image_stays_one(
    engines: tuple[Engine, Engine], place: Place, clean: None, tmp_path: Path
) -> None:
    ours, _ = engines
    archive = tmp_path / "image.tar"
    archive.write_bytes(busybox_archive("labreg/oci:1"))
    source, name = f"docker-archive:{archive}", f"{place.host}/{MINE}/oci:1"
    place.docker(
        ours,
        *("login", "-u", CREDENTIALS.username, "--password-stdin", place.host),
        data=CREDENTIALS.password.encode(),
    )
    for compression in ("gzip", "zstd"):
        place.skopeo(
            *("copy", "--format=oci", f"--dest-compress-format={compression}"),
            *(f"--dest-creds={place.creds}", source, f"docker://{name}"),
        )
        there = f"docker://{name}"
        listed = json.loads(place.skopeo("inspect", f"--creds={place.creds}", there))
        place.docker(ours, "pull", name)
        assert own_digest(ours, name) == listed["Digest"]
        assert ours.docker("run", "--rm", name, "echo", "runs").stdout == "runs\n"
        copy = f"{place.host}/{MINE}/oci-copy:1"
        place.docker(ours, "tag", name, copy)
        place.docker(ours, "push", copy)
        assert own_digest(ours, copy) == listed["Digest"]
        ours.request("DELETE", f"/images/{name}")
        ours.request("DELETE", f"/images/{copy}")


def test_tells_what_dockerd_tells(
    engines: tuple[Engine, Engine], place: Place, clean: None
) -> None:
    _, theirs = engines
    repository = f"{place.host}/{MINE}/told"
    theirs.request("POST", f"/images/{TEST_IMAGE}/tag?repo={repository}&tag=1")
    theirs.request("POST", f"/images/{TEST_IMAGE}/tag?repo={repository}&tag=2")
    lines(theirs, f"/images/{repository}/push?tag=1", ME)
    lines(theirs, f"/images/{repository}/push?tag=2", ME)
    told = {}
    for engine in engines:
        engine.request("DELETE", f"/images/{repository}:1")
        engine.request("DELETE", f"/images/{repository}:2")
        pull = f"/images/create?fromImage={repository}"
        digest = "sha256:" + "0" * 64
        told[engine.name] = [
            words(lines(engine, path, who)[1])
            for path, who in (
                (f"{pull}&tag=1", ME),
                (f"{pull}&tag=1", ME),
                (f"{pull}", ME),
                (f"/images/{repository}/push?tag=1", ME),
                (f"/images/{repository}/push?tag=9", ME),
                (f"/images/{place.host}/nosuch/push?tag=1", ME),
                (f"/images/{repository}/push?tag=1", None),
                (f"/images/{repository}/push?tag=1", NOBODY),
                (f"{pull}&tag=9", ME),
                (f"{pull}&tag={digest}", ME),
                (f"{pull}&tag=1", None),
                (f"{pull}&tag=1", NOBODY),
            )
        ]
    ours, dockerd = told.values()
    # The test image is there under another name: dockerd knows its layer, and so do we.
    assert ours == dockerd


@pytest.mark.parametrize(
    "path",
    [
        "/images/create?fromImage={host}/nosuch&tag=9",
        "/images/create?fromImage=127.0.0.1:1/nosuch&tag=9",
        "/images/create?fromImage=NOSUCH&tag=9",
        "/images/create?fromImage={host}/nosuch&tag=9&platform=a/b/c/d",
        "/images/127.0.0.1:1/nosuch/push?tag=1",
    ],
)
def test_fails_as_dockerd_fails(
    engines: tuple[Engine, Engine], place: Place, path: str
) -> None:
    ours, theirs = (
        lines(engine, path.format(host=place.host), ME) for engine in engines
    )
    mine = json.loads(json.dumps(ours).replace("library/NOSUCH", "NOSUCH"))
    if "NOSUCH" in path:  # newer ones name the repository
        mine = json.loads(json.dumps(mine).replace(" (NOSUCH)", ""))
    assert mine == json.loads(json.dumps(theirs))


def test_says_of_a_registry_what_dockerd_says(
    engines: tuple[Engine, Engine], place: Place, clean: None
) -> None:
    ours, _ = engines
    name = f"{place.host}/{MINE}/asked:1"
    ours.request("POST", f"/images/{TEST_IMAGE}/tag?repo={name[:-2]}&tag=1")
    lines(ours, f"/images/{name[:-2]}/push?tag=1", ME)
    found: list[list[Any]] = []
    for engine in engines:
        answers: list[Any] = []
        for path, who in (
            (f"/distribution/{name}/json", ME),
            (f"/distribution/{name[:-2]}:9/json", ME),
            (f"/distribution/{name}/json", None),
            ("/distribution/127.0.0.1:1/x:1/json", ME),
        ):
            status, _, body = engine.request("GET", path, None, header(who))
            answers.append((status, json.loads(body)))
        for who in (ME, NOBODY):
            body = {**who, "serveraddress": place.host}
            answers.append(engine.json("POST", "/auth", body))
        found.append(answers)
    assert found[0] == found[1]


def test_events_name_what_was_moved(
    lab_engine: Engine, place: Place, clean: None
) -> None:
    repository = f"{place.host}/{MINE}/events"
    lab_engine.request("POST", f"/images/{TEST_IMAGE}/tag?repo={repository}&tag=1")
    lines(lab_engine, f"/images/{repository}/push?tag=1", ME)
    lines(lab_engine, f"/images/create?fromImage={repository}&tag=1", ME)
    now = lab_engine.json("GET", "/info")[1]["SystemTime"]
    until = int(datetime.fromisoformat(now[:19] + "+00:00").timestamp()) + 1
    _, _, body = lab_engine.request("GET", f"/events?since=1&until={until}")
    past = [json.loads(line) for line in body.splitlines()]
    seen = [
        (event["Action"], event["Actor"]["ID"], event["Actor"]["Attributes"]["name"])
        for event in past
        if event["Actor"]["ID"] == f"{repository}:1"
    ]
    assert seen == [
        ("push", f"{repository}:1", repository),
        ("pull", f"{repository}:1", repository),
    ]
