"""``POST /exec/{id}/start``: a further process in a container's namespaces."""

from contextlib import AsyncExitStack
from dataclasses import replace

from labkit.base.errors import ConflictError, InternalError, InvalidInputError
from labkit.engine.bundle.process import build_exec_process
from labkit.engine.engine import Engine
from labkit.engine.execs.create import command_text
from labkit.engine.launch import find_identity
from labkit.engine.lifecycle import follow
from labkit.engine.links import link_environment
from labkit.engine.messages import NO_ABSOLUTE_FOLDER, failed_exec
from labkit.engine.model import Container, Exec
from labkit.engine.overlays import overlay_dirs
from labkit.engine.ports import Stream
from labkit.runtime.model import AttachOptions, IoOptions, StartError
from labkit.spec.runtime import Process

CANNOT_RUN = 126


async def start_exec(
    engine: Engine,
    exec_id: str,
    detach: bool,
    tty: bool,
    console_size: tuple[int, ...] = (),
) -> Stream | None:
    """Start an exec; return its streams unless it is detached.

    Raises:
        ConflictError: the exec was started before, or the container can't take it.
        InvalidInputError: the program can't be run.
    """
    record = engine.execs.find(exec_id)
    container = engine.store.find_container(record.container_id)
    follow(container, "exec")
    if record.running:
        raise ConflictError(f"Error: Exec command {exec_id} is already running")
    if record.exit_code is not None:
        raise ConflictError(f"Error: Exec command {exec_id} has already run")
    # tty said at the start wins only in older clients' way: create decided it.
    engine.execs.save(replace(record, running=True))
    return await engine.complete(
        _start(engine, record, container, detach, console_size), f"exec {exec_id}"
    )


async def _start(
    engine: Engine,
    record: Exec,
    container: Container,
    detach: bool,
    console_size: tuple[int, ...],
) -> Stream | None:
    action = f"exec_start: {command_text(record.config)}"
    engine.events.container(action, container, {"execID": record.id})
    async with AsyncExitStack() as undo:
        undo.callback(engine.execs.end, record.id, CANNOT_RUN)
        process = await _build(engine, record, container, console_size)
        try:
            pid, stream = await engine.runtime.exec(
                container.id,
                record.id,
                process,
                IoOptions(stdin=record.config.attach_stdin, stdin_once=True),
                None if detach else _attach_options(record),
            )
        except StartError as error:
            text = failed_exec(error.message)
            if error.exit_code in (126, 127):
                raise InvalidInputError(text) from error
            raise InternalError(text) from error
        undo.pop_all()
    present = engine.execs.get(record.id)
    if present is not None and present.running:  # else it has ended already
        engine.execs.save(replace(present, pid=pid))
    return stream


async def _build(
    engine: Engine,
    record: Exec,
    container: Container,
    console_size: tuple[int, ...],
) -> Process:
    folder = record.config.working_dir
    if folder and not folder.startswith("/"):
        raise InvalidInputError(NO_ABSOLUTE_FOLDER)
    dirs = await overlay_dirs(engine, container)
    identity = find_identity(container, dirs, record.config.user)
    linked = link_environment(engine, container)
    return build_exec_process(container, identity, record.config, console_size, linked)


def _attach_options(record: Exec) -> AttachOptions:
    config = record.config
    return AttachOptions(
        stdin=config.attach_stdin,
        stdout=config.attach_stdout,
        stderr=config.attach_stderr,
    )
