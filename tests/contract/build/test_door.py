"""``docker build`` by the real command line against our engine, from door to door."""

import io
import json
import os
import signal
import socket
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.unit.api.parse.test_build_parts import part_bytes
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

SECRET = b"s3cret-of-the-test"


def _context(folder: Path, dockerfile: str, **files: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(f"FROM {TEST_IMAGE}\n{dockerfile}")
    for name, text in files.items():
        (folder / name).write_text(text)
    return str(folder)


def _build(
    engine: OurEngine, *arguments: str, code: int = 0, data: bytes | None = None
) -> str:
    done = engine.docker("build", *arguments, data=data)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def _rebuilt(output: str) -> list[str]:
    """Return the instructions that were carried out and not taken from the cache."""
    steps = output.split("\nStep ")[1:]
    return [
        step.partition(" : ")[2].split()[0]
        for step in steps
        if "Using cache" not in step and " : FROM" not in step
    ]


def _folders(engine: OurEngine) -> set[Path]:
    """Return the folders of containers, a build's among them, and of builds."""
    places = ("containers", "builder/work")
    return {path for place in places for path in (engine.data_root / place).iterdir()}


def test_ends_with_the_code_of_a_failed_command(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    folder = _context(tmp_path, "RUN echo first\nRUN echo out; exit 7\n")
    before = _folders(lab_engine)
    output = _build(lab_engine, folder, code=7)
    assert "out\n" in output
    assert "The command '/bin/sh -c echo out; exit 7' returned a non-zero code: 7" in (
        output
    )
    assert "Using cache" in _build(lab_engine, folder, code=7)
    assert _folders(lab_engine) == before


def test_bytes_that_are_no_text_are_replaced(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    data = f"FROM {TEST_IMAGE}\n".encode()
    data += b"LABEL a=\xff\nRUN echo \xff\xfe > '/\xfd'; ls /\n"
    for _ in range(2):
        assert "\nSuccessfully built " in _build(lab_engine, "-", data=data)
    query = "labels=%7B%22b%22%3A%22%5Cud800%22%7D&dockerfile=Dockerfile&t=door:half"
    folder = _context(tmp_path, "ENV A=1\n")
    with io.BytesIO() as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            tar.add(folder, ".")
        status, _, answer = lab_engine.request(
            "POST", f"/build?{query}", file.getvalue()
        )
    assert status == 200
    assert b"Successfully built" in answer
    labels = lab_engine.json("GET", "/images/door:half/json")[1]["Config"]["Labels"]
    assert labels["b"] == "\ufffd"


def test_a_good_order_rebuilds_less_than_a_bad_one(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    bad = "COPY . /app/\nRUN cat /app/packages > /installed\n"
    good = "COPY packages /app/\nRUN cat /app/packages > /installed\nCOPY . /app/\n"
    rebuilt = {}
    for name, text in (("bad", bad), ("good", good)):
        folder = _context(tmp_path / name, text, packages="p", source="1")
        _build(lab_engine, folder)
        (tmp_path / name / "source").write_text("2")
        rebuilt[name] = _rebuilt(_build(lab_engine, folder))
    assert rebuilt == {"bad": ["COPY", "RUN"], "good": ["COPY"]}


def test_takes_what_the_command_line_offers(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    text = (
        "RUN ulimit -n > /n; grep shm /proc/mounts > /s; cat /etc/hosts > /h; "
        "ls /sys/class/net > /i; cat /sys/fs/cgroup/memory*/memory.limit_in_bytes "
        "/sys/fs/cgroup/memory.max > /m 2>/dev/null; true\n"
        "CMD cat /n /s /h /i /m\n"
    )
    folder = _context(tmp_path, text)
    options = ("--ulimit", "nofile=123", "--shm-size", "4m", "--network", "none")
    options += ("--add-host", "far:192.0.2.7", "--memory", "64m", "-t", "door:1")
    id_file = tmp_path / "id"
    _build(lab_engine, *options, "--iidfile", str(id_file), folder)
    seen = lab_engine.docker("run", "--rm", "--network", "none", "door:1").stdout
    assert seen.startswith("123\n")
    for word in ("size=4096k", "192.0.2.7\tfar", "\nlo\n", str(64 << 20)):
        assert word in seen
    image = lab_engine.json("GET", "/images/door:1/json")[1]
    assert id_file.read_text() == image["Id"]
    assert _build(lab_engine, "-q", folder).startswith("sha256:")


def test_reads_a_packed_context_and_a_dockerfile_from_stdin(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    text = f"FROM {TEST_IMAGE}\nCOPY a /\n".encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, data in (("Dockerfile", text), ("a", b"x")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    assert "Successfully built" in _build(lab_engine, "-", data=packed.getvalue())
    bare = f"FROM {TEST_IMAGE}\nENV A=1\n".encode()
    assert "Successfully built" in _build(lab_engine, "-", data=bare)
    (tmp_path / "a").write_text("x")
    file = ("-f", "-", str(tmp_path))
    assert "Successfully built" in _build(lab_engine, *file, data=text)


def test_ends_when_the_client_does(lab_engine: OurEngine, tmp_path: Path) -> None:
    folder = _context(tmp_path, "RUN echo begun && sleep 1000\n")
    before = _folders(lab_engine)
    client = subprocess.Popen(
        lab_engine.command("build", "--no-cache", folder),
        env=lab_engine.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert client.stdout is not None
    while (line := client.stdout.readline()) and line != b"begun\n":
        pass
    assert _folders(lab_engine) != before
    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()
    wait_until(lambda: _folders(lab_engine) == before, "container and files go", 20)


@pytest.mark.parametrize("door", ["/build?buildid=half", "/labkit/build"])
@pytest.mark.parametrize("way", ["leaves", "cancels"])
def test_ends_while_its_context_comes_in(
    lab_engine: OurEngine, door: str, way: str
) -> None:
    """The client is in the middle of a file when it leaves, or somebody cancels it."""
    before = _folders(lab_engine)
    entry = tarfile.TarInfo("half")
    entry.size = 1 << 20
    data = entry.tobuf() + bytes(entry.size // 2)
    if "labkit" in door:
        options = part_bytes({"part": "options", "buildid": "half"})
        context = part_bytes({"part": "context"}, data).removesuffix(bytes(4))
        data = options + context
    head = f"POST {door} HTTP/1.1\r\nHost: d\r\nContent-Length: {2 << 20}\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(lab_engine.socket))
        client.sendall(head.encode() + data)
        wait_until(lambda: any(_unpacked(lab_engine)), "its first bytes are there")
        if way == "cancels":
            lab_engine.request("POST", "/build/cancel?id=half")
            assert b"Build cancelled" in client.recv(10_000)
        else:
            client.close()
        wait_until(lambda: _folders(lab_engine) == before, "nothing is left", 5)


def _unpacked(engine: OurEngine) -> list[Path]:
    return [*(engine.data_root / "builder/work").glob("*/context*/*")]


def test_the_same_twice_with_a_date_of_its_own(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    folder = _context(tmp_path, "COPY a /\nRUN date +%s > /dev/null; touch /t\n", a="")
    ids = set()
    for _ in range(2):
        os.utime(tmp_path / "a")
        options = ("--no-cache", "-q", "--build-arg", "SOURCE_DATE_EPOCH=1000000")
        ids.add(_build(lab_engine, *options, folder).split("DEPRECATED")[0])
    assert len(ids) == 1


def test_a_secret_is_nowhere_afterwards(lab_engine: OurEngine, tmp_path: Path) -> None:
    line = "RUN --mount=type=secret,id=token,env=TOKEN {}"
    text = f"FROM {TEST_IMAGE}\n" + line.format(
        '[ "$(cat /run/secrets/token)" = "$TOKEN" ]'
    )
    text = text.replace("env=TOKEN", "env=TOKEN,target=/run/secrets/token")
    body = b"".join(
        (
            part_bytes({"part": "options", "t": ["door:secret"]}),
            part_bytes({"part": "dockerfile"}, text.encode()),
            part_bytes({"part": "secret", "name": "token"}, SECRET),
        )
    )
    status, _, answer = lab_engine.request("POST", "/labkit/build", body)
    lines = [json.loads(one) for one in answer.splitlines()]
    assert status == 200
    assert lines[-1]["result"]["Names"] == ["docker.io/library/door:secret"]
    assert SECRET not in answer
    for path in lab_engine.root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert SECRET not in path.read_bytes(), path


def test_the_cache_outlives_the_engine_and_is_pruned(tmp_path: Path) -> None:
    folder = _context(tmp_path, "RUN echo x > /x\nENV A=1\n")
    with OurEngine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        first = _build(engine, "-t", "kept:1", folder)
        engine.stop()
        engine.start()
        second = _build(engine, "-t", "kept:1", folder)
        assert _rebuilt(second) == []
        assert (
            first.split("Successfully built")[1]
            == (second.split("Successfully built")[1])
        )
        cached = engine.json("GET", "/system/df")[1]["BuildCache"]
        assert [one["Description"] for one in cached] == [
            "RUN /bin/sh -c echo x > /x # buildkit"
        ]
        assert cached[0]["Shared"]
        engine.docker("rmi", "kept:1")
        pruned = engine.docker("builder", "prune", "-f").stdout
        assert cached[0]["ID"] in pruned
        assert "RUN" in _rebuilt(_build(engine, folder))
        engine.docker("builder", "prune", "-af")
        assert engine.json("GET", "/system/df")[1]["BuildCache"] == []
