"""Execs in memory."""

import asyncio
from dataclasses import replace

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.execs.registry import KEPT, ExecRegistry
from labkit.engine.model import Exec, ExecConfig


def an_exec(number: int, container_id: str = "c1") -> Exec:
    return Exec(f"e{number}", container_id, ExecConfig(("ls",)), running=True)


async def test_ends_once() -> None:
    registry = ExecRegistry()
    registry.add(an_exec(1))
    waiting = asyncio.ensure_future(registry.wait("e1"))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert registry.end("e1", 3) is not None
    assert registry.end("e1", 4) is None
    assert registry.end("ghost", 4) is None
    assert (await waiting).exit_code == 3


async def test_forgets_with_the_container() -> None:
    registry = ExecRegistry()
    registry.add(an_exec(1))
    registry.add(an_exec(2, "c2"))
    registry.forget_container("c1")
    assert registry.get("e1") is None
    assert registry.find("e2").container_id == "c2"
    with pytest.raises(NotFoundError, match="No such exec instance: e1"):
        registry.find("e1")


async def test_those_that_ran_tell_their_end_after_the_containers() -> None:
    registry = ExecRegistry()
    registry.add(an_exec(1))
    registry.add(replace(an_exec(2), running=False))
    registry.add(an_exec(3, "c2"))
    registry.end_container("c1")
    assert (await registry.wait("e1")).exit_code == 137
    assert registry.get("e2") is None  # it never began, and never will
    assert registry.find("e3").running


async def test_keeps_a_bounded_number_of_finished_ones() -> None:
    registry = ExecRegistry()
    registry.add(an_exec(0))  # goes on running
    for number in range(1, KEPT + 10):
        registry.add(an_exec(number))
        registry.end(f"e{number}", 0)
    assert registry.get("e0") is not None
    assert registry.get("e1") is None
    assert len(registry.of_container("c1")) <= KEPT + 1
