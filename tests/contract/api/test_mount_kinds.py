"""Mounts of the rarer sorts: memory that is shared, parts, the engine's own socket."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.api.world import PREFIX
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

VOLUME, BOX = f"{PREFIX}memory", f"{PREFIX}mounts"
SOCKET = "/var/run/docker.sock"


def _run(engine: Engine, *words: str) -> str:
    done = engine.docker("run", "--rm", *words)
    return f"{done.stdout}{done.stderr}{done.returncode}"


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    """Give a mount of the host's that hands on what is mounted below it."""
    subprocess.run(["mount", "-t", "tmpfs", "labtest", tmp_path], check=True)
    try:
        subprocess.run(["mount", "--make-shared", tmp_path], check=True)
        yield tmp_path
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def _use_memory(engine: Engine, rights: str = "") -> list[str]:
    options = ("type=tmpfs", "device=tmpfs", f"o=size=1m,uid=1000{rights}")
    words = [word for option in options for word in ("-o", option)]
    engine.docker("volume", "create", *words, VOLUME)
    sleep = ("--name", BOX, "-v", f"{VOLUME}:/m", TEST_IMAGE, "sleep", "1000")
    engine.docker("run", "-d", *sleep)
    try:
        script = "echo kept >/m/f; df -k /m; ls -ldn /m | cut -c1-25"
        first = engine.docker("exec", BOX, "sh", "-c", script).stdout
        script = "cat /n/f; touch /n/g"
        second = _run(engine, "-v", f"{VOLUME}:/n:ro", TEST_IMAGE, "sh", "-c", script)
    finally:
        engine.docker("rm", "-f", BOX)
    third = _run(engine, "-v", f"{VOLUME}:/n", TEST_IMAGE, "ls", "-A", "/n")
    removed = engine.docker("volume", "rm", VOLUME).stdout
    return [first, second, third, removed]


def test_memory_lasts_as_long_as_its_users(both: tuple[Engine, Engine]) -> None:
    ours, theirs = (_use_memory(engine, ",mode=700") for engine in both)
    assert ours == theirs
    assert "kept" in ours[1]


def test_memory_is_open_to_all_unless_told_otherwise(
    both: tuple[Engine, Engine],
) -> None:
    ours, theirs = (_use_memory(engine) for engine in both)
    assert ours == theirs
    assert "drwxrwxrwt" in ours[0]


def test_only_what_hands_on_mounts_can_be_asked_to(
    both: tuple[Engine, Engine], shared: Path
) -> None:
    fields = "grep ' /x ' /proc/self/mountinfo | grep -c -e shared: -e master:"
    found = []
    for engine in both:
        answers = []
        for source, mode in (
            ("/usr", "shared"),
            ("/usr", "slave"),
            (shared, "rshared"),
        ):
            where = f"{source}:/x:{mode}"
            answers.append(_run(engine, "-v", where, TEST_IMAGE, "sh", "-c", fields))
        found.append(answers)
    assert found[0] == found[1]


def test_a_shared_mount_reaches_the_host(
    both: tuple[Engine, Engine], shared: Path
) -> None:
    inner = shared / "inner"
    inner.mkdir()
    script = "mount -t tmpfs labtest /x/inner && echo from inside >/x/inner/word"
    for engine in both:
        where = ("--cap-add", "SYS_ADMIN", "-v", f"{shared}:/x:rshared")
        assert _run(engine, *where, TEST_IMAGE, "sh", "-c", script) == "0"
        assert (inner / "word").read_text() == "from inside\n"
        subprocess.run(["umount", inner], check=True)
        assert not (inner / "word").exists()


def test_a_part_of_a_volume(lab_engine: Engine) -> None:
    """Keep this to ours: it came with API 1.45."""
    whole = ("-v", f"{VOLUME}:/v", TEST_IMAGE, "sh", "-c")
    script = "mkdir -p /v/a/b; echo x >/v/a/f; ln -s /etc /v/a/out; ln -s b /v/a/in"
    try:
        _run(lab_engine, *whole, script)
        for path, inside in (("a", "b\nf\nin\nout\n0"), ("a/in", "0")):
            part = f"type=volume,src={VOLUME},dst=/x,volume-subpath={path}"
            listing = _run(lab_engine, "--mount", part, TEST_IMAGE, "ls", "/x")
            assert listing == inside
        for path, words in (
            ("nosuch", "_data/nosuch: no such file or directory"),
            ("a/out", "_data/a/out: no such file or directory"),  # not the host's /etc
            ("../x", "subpath must be a relative path within the volume"),
        ):
            part = f"type=volume,src={VOLUME},dst=/x,volume-subpath={path}"
            assert words in _run(lab_engine, "--mount", part, TEST_IMAGE, "ls", "/x")
    finally:
        lab_engine.docker("volume", "rm", VOLUME)


def test_read_only_reaches_what_is_mounted_below(
    lab_engine: Engine, shared: Path
) -> None:
    """Keep this to ours: dockerd does so since 25."""
    below = shared / "below"
    below.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "labtest", below], check=True)
    try:
        bind = f"type=bind,src={shared},dst=/x,readonly,bind-recursive="
        script = "touch /x/below/f && echo written"
        command = (TEST_IMAGE, "sh", "-c", script)
        plain = _run(lab_engine, "-v", f"{shared}:/x:ro", *command)
        assert "Read-only file system" in plain
        writable = _run(lab_engine, "--mount", f"{bind}writable", *command)
        assert "written" in writable
    finally:
        subprocess.run(["umount", below], check=True)


@pytest.mark.skipif(Path(SOCKET).is_socket(), reason="a Docker is here")
def test_the_engine_is_driven_from_inside(lab_engine: Engine) -> None:
    """Type what everybody types; the machine has no Docker whose socket it could be."""
    existed = Path(SOCKET).exists()
    program = f"{shutil.which('docker')}:/bin/docker:ro"
    words = ("--name", BOX, "-v", f"{SOCKET}:{SOCKET}", "-v", program, TEST_IMAGE)
    listed = _run(lab_engine, *words, "docker", "ps", "--format", "{{.Names}}")
    assert BOX in listed.splitlines()
    assert Path(SOCKET).exists() == existed
