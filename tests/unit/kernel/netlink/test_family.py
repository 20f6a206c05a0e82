"""Address families by spelling."""

import socket

import pytest

from labkit.kernel.netlink.family import family_of


def test_tells_the_families_apart() -> None:
    assert family_of("172.18.0.1") == socket.AF_INET
    assert family_of("fd00::1") == socket.AF_INET6


def test_refuses_what_is_no_address() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        family_of("nonsense")
