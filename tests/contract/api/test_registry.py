"""Pull, push and login beside a real dockerd, against the registry of the catalogue.

It runs in our engine, has a certificate of an authority that is in
``/etc/docker/certs.d``, and wants a password. It listens on the machine's own address,
since engines believe whoever answers on 127.0.0.1. Traffic to it never leaves the
machine.
"""

import base64
import contextlib
import io
import json
import shutil
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contract.registry.authority import Authority
from tests.contract.registry.real import CREDENTIALS, USERS, answers
from tests.engines import TEST_IMAGE, Engine, busybox_archive, put_images
from tests.waiting import wait_until

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
        done = self.try_docker(engine, *arguments, data=data)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def try_docker(
        self, engine: Engine, *arguments: str, data: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            engine.command(*arguments),
            env={**engine.environ(), "DOCKER_CONFIG": str(self.folder)},
            input=data,
            capture_output=True,
            timeout=120,
            check=False,
        )

    def log_in(self, engine: Engine) -> None:
        told = self.docker(engine, *self.login, data=CREDENTIALS.password.encode())
        assert "Login Succeeded" in told

    @property
    def login(self) -> tuple[str, ...]:
        return ("login", "-u", CREDENTIALS.username, "--password-stdin", self.host)

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
def place(
    lab_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("registry")
    address = own_address()
    authority = Authority(folder, address=address)
    authority.issue("server")
    (folder / "users").write_text(USERS)
    put_images(lab_engine, "registry")
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(registry_in(lab_engine, folder, address))
        believed = CERTIFICATES / host
        believed.mkdir(parents=True)
        stack.callback(shutil.rmtree, believed)
        shutil.copy(authority.certificate, believed / "ca.crt")
        yield Place(host, folder / "config")


@contextlib.contextmanager
def registry_in(engine: Engine, folder: Path, address: str) -> Iterator[str]:
    """Run the registry as everybody runs it; give its host and port."""
    settings = {
        "AUTH": "htpasswd",
        "AUTH_HTPASSWD_REALM": "lab",
        "AUTH_HTPASSWD_PATH": "/lab/users",
        "HTTP_TLS_CERTIFICATE": "/lab/server.cert",
        "HTTP_TLS_KEY": "/lab/server.key",
    }
    variables = [f"--env=REGISTRY_{name}={text}" for name, text in settings.items()]
    command = ["run", "-d", "-v", f"{folder}:/lab:ro", "-p", f"{address}::5000"]
    run = engine.docker(*command, *variables, "registry:2")
    assert run.returncode == 0, run.stderr
    container = run.stdout.strip()
    try:
        host = engine.docker("port", container, "5000").stdout.strip()
        wait_until(lambda: answers(host), "the registry answers", 20)
        yield host
    finally:
        engine.docker("rm", "-f", "-v", container)


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
        place.log_in(engine)
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


def test_only_who_is_logged_in_is_served(
    engines: tuple[Engine, Engine], place: Place, clean: None
) -> None:
    """The round trip of chapter 9, as each engine's user sees it."""
    seen = []
    for engine in engines:
        told: list[object] = []
        name = f"{place.host}/{MINE}/login:{engine.name}"
        place.docker(engine, "import", "-", name, data=layer_of(engine.name))
        place.docker(engine, "logout", place.host)
        told.append(refusal(place.try_docker(engine, "push", name)))
        told.append(refusal(place.try_docker(engine, *place.login, data=b"wrong")))
        place.log_in(engine)
        place.docker(engine, "push", name)
        digest, image = own_digest(engine, name), facts(engine, name)[0]
        by_digest = f"{name.rpartition(':')[0]}@{digest}"
        for source in (name, by_digest):
            place.docker(engine, "rmi", "-f", image)
            pulled = place.docker(engine, "pull", source)
            assert "Pull complete" in pulled
            assert f"Digest: {digest}" in pulled
            assert facts(engine, source)[0] == image
        told.append(place.docker(engine, "logout", place.host))
        told.append(refusal(place.try_docker(engine, "pull", name)))
        place.docker(engine, "rmi", "-f", image)
        seen.append(json.loads(json.dumps(told).replace(engine.name, "ENGINE")))
    assert seen[0] == seen[1]


def layer_of(text: str) -> bytes:
    """Make a file system that no engine has a layer of."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        content = f"{text} {uuid.uuid4()}".encode()
        member = tarfile.TarInfo("content")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return tar.getvalue()


def refusal(done: subprocess.CompletedProcess[bytes]) -> tuple[int, str]:
    return done.returncode, done.stderr.decode()


def test_skopeo_carries_images_between_engines(
    engines: tuple[Engine, Engine], place: Place, clean: None
) -> None:
    """What one pushed and skopeo copied, the other pulls under the same digest."""
    for engine in engines:
        place.log_in(engine)
    creds = (f"--src-creds={place.creds}", f"--dest-creds={place.creds}")
    for by, to in (engines, engines[::-1]):
        name = f"{place.host}/{MINE}/source:{by.name}"
        copy = f"{place.host}/{MINE}/carried:{by.name}"
        place.docker(by, "import", "-", name, data=layer_of(by.name))
        place.docker(by, "push", name)
        place.skopeo("copy", *creds, f"docker://{name}", f"docker://{copy}")
        assert "Pull complete" in place.docker(to, "pull", copy)
        assert own_digest(to, copy) == own_digest(by, name)
        assert facts(to, copy)[0] == facts(by, name)[0]


def test_an_oci_image_stays_one(
    engines: tuple[Engine, Engine], place: Place, clean: None, tmp_path: Path
) -> None:
    ours, _ = engines
    archive = tmp_path / "image.tar"
    archive.write_bytes(busybox_archive("labreg/oci:1"))
    source, name = f"docker-archive:{archive}", f"{place.host}/{MINE}/oci:1"
    place.log_in(ours)
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
