"""Processes."""

import os
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InvalidInputError, LabError
from labkit.engine.containers.top import parse_ps, top
from tests.unit.engine.lab import make, make_world, open_lab, run

PS = """  PID COMMAND
   41 sh -c sleep 1
   42 other thing
"""


async def test_lists_without_a_ps_program(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.runtime.containers[container_id].pid = os.getpid()
        table = await top(engine, container_id)
        assert table.titles[:2] == ("UID", "PID")
        assert table.processes[0][1] == str(os.getpid())


async def test_refuses_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(ConflictError, match="is not running"):
            await top(engine, container_id)


async def test_ps_complains_in_one_line(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        with pytest.raises(LabError, match=r"^ps: [^\n]+$|needs a ps program"):
            await top(engine, container_id, "--nosuch-option")


def test_chooses_rows_by_pid() -> None:
    table = parse_ps(PS, (41,))
    assert table.titles == ("PID", "COMMAND")
    assert table.processes == (("41", "sh -c sleep 1"),)


def test_refuses_columns_without_pid() -> None:
    with pytest.raises(InvalidInputError, match="Couldn't find PID field"):
        parse_ps("COMMAND\nsh\n", (1,))
