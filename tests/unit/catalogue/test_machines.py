"""labkit.catalogue.machines: which there are, and what runs another one's programs."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.base.machine import host_architecture
from labkit.catalogue.machines import (
    MACHINES,
    can_start,
    machine_of,
    read_platform,
    start_command,
)

OTHER = {"amd64": "arm64", "arm64": "amd64"}[host_architecture()]


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Path]:
    """Give the only folder in which programs are looked for."""
    before, os.environ["PATH"] = os.environ["PATH"], str(tmp_path)
    yield tmp_path
    os.environ["PATH"] = before


def test_knows_debians_names() -> None:
    assert machine_of("arm64").triplet == "aarch64-linux-gnu"
    with pytest.raises(UnsupportedError, match="amd64 and arm64, not for 'riscv64'"):
        machine_of("riscv64")


@pytest.mark.parametrize("architecture", list(MACHINES))
def test_reads_platforms(architecture: str) -> None:
    assert read_platform(f"linux/{architecture}") == architecture
    assert read_platform("linux/arm64/v8") == "arm64"
    for text in ("windows/amd64", "linux", "linux/arm", ""):
        with pytest.raises(InvalidInputError, match="bundled images are for linux/amd"):
            read_platform(text)


def test_its_own_programs_just_start(tmp_path: Path) -> None:
    assert can_start(host_architecture())
    assert start_command(host_architecture(), tmp_path) == []


def test_says_what_runs_those_of_another(programs: Path, tmp_path: Path) -> None:
    assert not can_start(OTHER)
    with pytest.raises(
        UnsupportedError, match=f"no programs for {OTHER}: install QEMU"
    ):
        start_command(OTHER, tmp_path)


@pytest.mark.parametrize("ending", ["", "-static"])
def test_an_emulator_stands_in_front(programs: Path, ending: str) -> None:
    emulator = programs / f"{MACHINES[OTHER].emulator}{ending}"
    emulator.write_text('#!/bin/sh\necho "$@"\n')
    emulator.chmod(0o755)
    assert can_start(OTHER)
    command = [*start_command(OTHER, Path("/root/of/it")), "bin/prog"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "-L /root/of/it bin/prog\n"
