"""Further processes."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InternalError, InvalidInputError
from labkit.engine.containers.remove import remove
from labkit.engine.containers.stop import stop
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.inspect import inspect_exec
from labkit.engine.execs.start import start_exec
from labkit.engine.model import ExecConfig
from tests.unit.engine.lab import make_world, open_lab, run, told

ATTACHED = {"attach_stdout": True, "attach_stderr": True}


async def test_runs_and_tells_the_exit_code(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        config = ExecConfig(("false",), **ATTACHED)
        exec_id = await create_exec(engine, container_id, config)
        stream = await start_exec(engine, exec_id, detach=False, tty=False)
        assert stream is not None
        assert await stream.reader.read() == b"\1\0\0\0\0\0\0\5exec\n"
        ended = await engine.execs.wait(exec_id)
        assert (ended.running, ended.exit_code) == (False, 1)
        assert told(engine)[-3:] == [
            "container exec_create: false ",
            "container exec_start: false ",
            "container exec_die",
        ]


async def test_a_detached_one_has_no_stream(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig(("sleep",)))
        assert await start_exec(engine, exec_id, detach=True, tty=False) is None
        record = await inspect_exec(engine, exec_id)
        assert (record.running, record.pid) == (True, 4321)


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("nosuch", InvalidInputError),
        ("notexec", InvalidInputError),
        ("broken", InternalError),
    ],
)
async def test_a_program_that_cannot_run(
    tmp_path: Path, program: str, kind: type[Exception]
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig((program,)))
        with pytest.raises(kind, match="OCI runtime exec failed: exec failed: unable"):
            await start_exec(engine, exec_id, detach=False, tty=False)
        record = await inspect_exec(engine, exec_id)
        assert (record.running, record.exit_code) == (False, 126)


async def test_runs_once(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig(("sleep",)))
        await start_exec(engine, exec_id, detach=True, tty=False)
        with pytest.raises(ConflictError, match="is already running"):
            await start_exec(engine, exec_id, detach=True, tty=False)


async def test_uses_the_containers_user_or_its_own(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", user="app")
        for user, uid in (("", 1000), ("root", 0), ("77", 77)):
            config = ExecConfig(("sleep",), user=user)
            exec_id = await create_exec(engine, container_id, config)
            await start_exec(engine, exec_id, detach=True, tty=False)
            assert world.runtime.execs[exec_id].user.uid == uid


async def test_an_unknown_user_is_the_clients_mistake(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        config = ExecConfig(("ls",), user="ghost")
        exec_id = await create_exec(engine, container_id, config)
        with pytest.raises(InvalidInputError, match="unable to find user ghost"):
            await start_exec(engine, exec_id, detach=True, tty=False)
        assert (await inspect_exec(engine, exec_id)).exit_code == 126


async def test_execs_end_with_their_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig(("sleep",)))
        await start_exec(engine, exec_id, detach=True, tty=False)
        await stop(engine, container_id)
        ended = await engine.execs.wait(exec_id)
        assert (ended.running, ended.exit_code) == (False, 137)
        await remove(engine, container_id)
        assert engine.execs.get(exec_id) is None
