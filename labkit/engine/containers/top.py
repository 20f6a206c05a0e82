"""``docker top``: the processes of a container, with the host's pids.

The cgroup knows which they are. Docker's default listing is made here; other
columns are the machine's own ps's, if it has one.
"""

import asyncio
import shlex
import shutil

from labkit.base.errors import InternalError, InvalidInputError, UnsupportedError
from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.processes import TopTable, list_processes

DEFAULT_ARGUMENTS = "-ef"


async def top(engine: Engine, ref: str, ps_args: str = "") -> TopTable:
    """Return the table.

    Raises:
        ConflictError: the container does not run.
        InvalidInputError: ps's arguments leave out the pid.
    """
    container = engine.store.find_container(ref)
    follow(container, "top")
    pids = await engine.runtime.processes(container.id)
    if (ps_args or DEFAULT_ARGUMENTS) == DEFAULT_ARGUMENTS:
        table = await asyncio.to_thread(list_processes, pids)
    else:
        table = parse_ps(await _run_ps(ps_args), pids)
    engine.events.container("top", container)
    return table


def parse_ps(output: str, pids: tuple[int, ...]) -> TopTable:
    """Choose the rows of ps's output that belong to some processes."""
    lines = output.splitlines()
    titles = lines[0].split() if lines else []
    if "PID" not in titles:
        raise InvalidInputError("Couldn't find PID field in ps output")
    column = titles.index("PID")
    rows = []
    for line in lines[1:]:
        # The last column is the command, which has blanks of its own.
        fields = line.split(None, len(titles) - 1)
        pid = fields[column] if len(fields) > column else ""
        if pid.isdecimal() and int(pid) in pids:
            rows.append(tuple(fields))
    return TopTable(tuple(titles), tuple(rows))


async def _run_ps(ps_args: str) -> str:
    program = shutil.which("ps")
    if program is None:
        raise UnsupportedError("docker top with arguments needs a ps program")
    try:
        arguments = shlex.split(ps_args)
    except ValueError as error:
        raise InvalidInputError(f"invalid ps arguments {ps_args!r}") from error
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaint = await process.communicate()
    if process.returncode:
        text = complaint.decode(errors="replace").strip() or "exit status 1"
        raise InternalError(f"ps: {text.splitlines()[0]}")
    return output.decode(errors="replace")
