"""The numbers of aarch64."""

from labkit.kernel.syscalls.aarch64 import NUMBERS


def test_the_table_is_whole_and_in_order() -> None:
    values = list(NUMBERS.values())
    assert values == sorted(values)
    assert values[-1] >= 469
    assert {"read", "execve", "clone3", "pidfd_open", "mount_setattr"} <= NUMBERS.keys()
