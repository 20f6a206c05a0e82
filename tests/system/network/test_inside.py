"""Working in another namespace without moving there."""

import os
import socket
import threading

import pytest

from labkit.base.errors import ConflictError
from labkit.network.inside import (
    open_namespace,
    run_inside,
    write_sysctl,
    write_sysctl_if_there,
)
from tests.system.network.world import Container, World, own_namespace

pytestmark = pytest.mark.root


def here() -> str:
    return os.readlink("/proc/thread-self/ns/net")


def test_only_the_short_lived_thread_moves(world: World) -> None:
    one = world.container()
    before = (here(), threading.active_count())
    namespace = open_namespace(one.pid)
    try:
        assert run_inside(namespace, here) == os.readlink(f"/proc/{one.pid}/ns/net")
    finally:
        os.close(namespace)
    assert (here(), threading.active_count()) == before


def test_a_socket_stays_where_it_was_made(world: World) -> None:
    one = world.container()
    world.service.bring_loopback_up(one.pid)
    namespace = open_namespace(one.pid)
    try:
        sock = run_inside(namespace, lambda: socket.create_server(("127.0.0.1", 80)))
    finally:
        os.close(namespace)
    with sock:
        assert "127.0.0.1:80" in one.run("ss", "-Hltn").stdout


def test_failures_come_back_to_the_caller(world: World) -> None:
    one = world.container()
    namespace = open_namespace(one.pid)
    try:
        with pytest.raises(ZeroDivisionError):
            run_inside(namespace, lambda: 1 // 0)
    finally:
        os.close(namespace)


def test_parameters_are_the_namespaces_own(world: World) -> None:
    one = world.container()
    namespace = open_namespace(one.pid)
    switch = "net/ipv4/ip_default_ttl"
    try:
        run_inside(namespace, lambda: write_sysctl(switch, "77"))
    finally:
        os.close(namespace)
    assert one.run("cat", f"/proc/sys/{switch}").stdout == "77\n"
    with open(f"/proc/sys/{switch}") as file:
        assert file.read() != "77\n"
    write_sysctl_if_there("net/nosuch/switch", "1")


def test_a_process_that_ended_cannot_be_entered() -> None:
    gone = Container()
    gone.end()
    with pytest.raises(ConflictError, match=f"of process {gone.pid}"):
        open_namespace(gone.pid)
    assert own_namespace() == here()
