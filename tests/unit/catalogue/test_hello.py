"""labkit.catalogue.hello: a program of two system calls."""

import platform
import struct
import subprocess
from pathlib import Path

import pytest

from labkit.base.errors import UnsupportedError
from labkit.base.machine import host_architecture
from labkit.catalogue.hello import TEXT, hello


@pytest.mark.skipif(
    host_architecture() not in ("amd64", "arm64") or platform.system() != "Linux",
    reason="needs Linux on amd64 or arm64",
)
def test_greets(tmp_path: Path) -> None:
    program = tmp_path / "hello"
    program.write_bytes(hello(host_architecture()))
    program.chmod(0o755)
    done = subprocess.run([program], capture_output=True, check=True)
    assert done.stdout == TEXT


@pytest.mark.parametrize(("architecture", "machine"), [("amd64", 62), ("arm64", 183)])
def test_is_an_elf_file_of_its_machine(architecture: str, machine: int) -> None:
    program = hello(architecture)
    assert program[:4] == b"\x7fELF"
    assert struct.unpack_from("<H", program, 18) == (machine,)
    (size,) = struct.unpack_from("<Q", program, 64 + 32)
    assert size == len(program) < 1000
    assert program.endswith(TEXT)


def test_begins_as_every_guide_shows() -> None:
    assert TEXT.decode().splitlines()[1:3] == [
        "Hello from Docker!",
        "This message shows that your installation appears to be working correctly.",
    ]


def test_refuses_other_machines() -> None:
    with pytest.raises(UnsupportedError, match="s390x"):
        hello("s390x")
