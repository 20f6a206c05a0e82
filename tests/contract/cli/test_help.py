"""Every page of ``--help`` of the bundled command line, and every flag on it.

The pages are Docker's own to the letter, but for those that ``left_out.txt`` names. A
flag that a page names is tried with values that fit and with some that do not: behind
them stands a flag that is none, so that either the value or that flag is refused, and
nothing is ever done.
"""

import contextlib
import io
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from labkit.docker_cli import commands, pages
from labkit.docker_cli.main import main
from tests.contract.cli.stage import real_command
from tests.engines import Engine, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(300)]

LEFT_OUT = Path(__file__).parent / "left_out.txt"
LIKE = "version 28."
NO_FLAG = "--no-such-flag"
TRIED = ("", "odd", "a=b:c,d")
"""Values that some kinds of flags take, and others refuse."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Docker's own command line and ours, at one engine."""

    real: Path
    ours: Path
    engine: Engine
    home: Path

    def type(self, command: Path, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            [command, *words],
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(self.home),
                "DOCKER_HOST": self.engine.host,
                "DOCKER_CONFIG": str(self.home / "settings"),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def pair(lab_engine: OurEngine, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    home = tmp_path_factory.mktemp("home")
    found = Pair(real_command(), ensure_bundled_docker(home), lab_engine, home)
    said = found.type(found.real, "--version")[1]
    if LIKE not in said:
        pytest.skip(f"needs Docker's command line, {LIKE}x: {said.strip()}")
    return found


def test_every_page_is_that_of_the_real_one(pair: Pair) -> None:
    left_out = _left_out()
    different = []
    walked = list(_walk(pair, ()))
    for words, page in walked:
        name = " ".join(("docker", *words))
        own = pair.type(pair.ours, *words, "--help")[1]
        if own != page and f"{' '.join(name.split()[:2])} *" not in left_out:
            different.append((name, own, page))
    assert different == []
    assert len(walked) > 100


def test_what_is_left_out_is_there_in_the_real_one(pair: Pair) -> None:
    for name in _left_out():
        group = name.split()[1]
        assert group in commands.ELSEWHERE
        assert pair.type(pair.real, group, "--help")[0] == 0


@pytest.mark.parametrize("group", [*commands.GROUPS, "docker"])
def test_every_flag_takes_and_refuses_what_the_real_one_does(
    pair: Pair, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", pair.engine.host)
    monkeypatch.setenv("DOCKER_CONFIG", str(pair.home / "settings"))
    tries = [
        (*words, *flag, NO_FLAG)
        for words, page in _commands(group)
        for flag in _tries(page.flags)
    ]
    with ThreadPoolExecutor(2) as pool:
        real = pool.map(lambda words: pair.type(pair.real, *words), tries)
        different = [
            (words, own, right)
            for words, right in zip(tries, real, strict=True)
            if (own := _type_here(words)) != right
        ]
    assert different == []


def _type_here(words: tuple[str, ...]) -> tuple[int, str]:
    """Type at ours in this process, which a thousand times is a minute less."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        code = main(list(words))
    return code, out.getvalue() + err.getvalue()


def _walk(pair: Pair, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield all pages of the real one, from its overview down."""
    page = pair.type(pair.real, *words, "--help")[1]
    yield words, page
    if "COMMAND" not in page.partition("\n")[0]:
        return
    for block in re.findall(r"ommands:\n((?:  .*\n)+)", page):
        for line in block.splitlines():
            yield from _walk(pair, (*words, line.split()[0].rstrip("*")))


def _commands(group: str) -> Iterator[tuple[tuple[str, ...], pages.Page]]:
    """Yield the commands of a group, or those that stand for themselves alone."""
    if group != "docker":
        for verb in commands.GROUPS[group].split():
            command, _ = commands.find([group, verb])
            assert command is not None
            yield (group, verb), pages.read_page(command.module)
        return
    modules = {f"{name}/{verb}" for name in commands.GROUPS for verb in _verbs(name)}
    for name in commands.TOP:
        command, _ = commands.find([name])
        assert command is not None
        if command.module not in modules:
            yield (name,), pages.read_page(command.module)


def _verbs(group: str) -> list[str]:
    return commands.GROUPS[group].split()


def _tries(flags: list[pages.Flag]) -> Iterator[tuple[str, ...]]:
    for flag in flags:
        for value in TRIED:
            yield (f"--{flag.name}={value}",)
        if flag.short:
            yield (f"-{flag.short}=odd",)
    yield tuple(_fitting(flag) for flag in flags)


def _fitting(flag: pages.Flag) -> str:
    fits = {
        "": "true",
        "string": "x",
        "filter": "name=x",
        "map": "a=b",
        "duration": "1s",
        "bytes": "8m",
        "decimal": "0.5",
        "network": "host",
        "mount": "type=tmpfs,target=/x",
        "ulimit": "nofile=1:2",
        "gpu-request": "all",
        "list": "x",
        "strings": "x",
        "stringToString": "a=b",
    }
    return f"--{flag.name}={fits.get(flag.kind, '1')}"


def _left_out() -> list[str]:
    lines = LEFT_OUT.read_text().splitlines()
    return [line for line in lines if line.startswith("docker ")]
