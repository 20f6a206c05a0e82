"""``POST /containers/{id}/exec``: what is to be run, not yet run."""

from labkit.base.errors import InvalidInputError
from labkit.base.ids import new_id
from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.model import Exec, ExecConfig


async def create_exec(engine: Engine, ref: str, config: ExecConfig) -> str:
    """Note a further process for a running container; return the exec's id.

    Raises:
        ConflictError: the container does not run, or is paused.
        InvalidInputError: there is no command.
    """
    container = engine.store.find_container(ref)
    follow(container, "exec")
    if not config.cmd:
        raise InvalidInputError("No exec command specified")
    record = Exec(new_id(), container.id, config)
    engine.execs.add(record)
    action = f"exec_create: {command_text(config)}"
    engine.events.container(action, container, {"execID": record.id})
    return record.id


def command_text(config: ExecConfig) -> str:
    """Return program and arguments as events show them: a lone program has a blank."""
    return f"{config.cmd[0]} {' '.join(config.cmd[1:])}"
