"""The tables of numbers."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.kernel.syscalls.tables import syscall_numbers


def test_numbers_that_everybody_knows() -> None:
    assert syscall_numbers("x86_64")["open"] == 2
    assert syscall_numbers("aarch64")["openat"] == 56
    assert "open" not in syscall_numbers("aarch64")


def test_new_calls_have_one_number_everywhere() -> None:
    x86, arm = syscall_numbers("x86_64"), syscall_numbers("aarch64")
    shared = {name for name, number in x86.items() if number >= 424} & arm.keys()
    assert len(shared) > 40
    assert all(x86[name] == arm[name] for name in shared)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_number_has_two_names(machine: str) -> None:
    numbers = syscall_numbers(machine)
    assert len(set(numbers.values())) == len(numbers)


def test_refuses_other_machines() -> None:
    with pytest.raises(UnsupportedError, match="'m68k'"):
        syscall_numbers("m68k")
