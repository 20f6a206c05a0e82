"""Our numbers against those that Python knows, too."""

import os

import pytest

from labkit.kernel.flags import CloneFlag, MountFlag


@pytest.mark.parametrize("name", ["RDONLY", "NOSUID", "NODEV", "NOEXEC", "MANDLOCK"])
def test_mount_flags_are_the_file_systems(name: str) -> None:
    assert MountFlag[name] == getattr(os, f"ST_{name}")


def test_bits_of_clone_are_distinct() -> None:
    bits = [flag.value for flag in CloneFlag if flag]
    assert all(bit & (bit - 1) == 0 for bit in bits)
    assert len(set(bits)) == 9
    # The low byte of clone(2)'s flags is the signal at the child's death.
    assert not any(bit & 0xFF for bit in bits)


def test_names_itself() -> None:
    assert (MountFlag.BIND | MountFlag.REC).name == "BIND|REC"
