"""Finding the user's program and becoming it.

The search is that of a shell and of Go's exec.LookPath, whose sentences Docker's
clients know: 127 says that there is nothing of this name, 126 that it can't be run.
What only execve(2) finds out comes too late for that, as in runc: the container has
started by then, its standard error says why, and it ends.
"""

import posixpath

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.runtime.steps.context import Context, ProgramError, SetupError

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


def find_program(kernel: Kernel, context: Context) -> None:
    """Find the first argument in the container's $PATH."""
    name = context.process.args[0]
    if "/" in name:
        _check_path(kernel, name)
        context.program = name
        return
    for folder in _search_path(context.process.env):
        candidate = posixpath.join(folder, name)
        if kernel.is_executable(candidate):
            context.program = candidate
            return
    raise SetupError(f'exec: "{name}": executable file not found in $PATH', _NOT_FOUND)


def execute(kernel: Kernel, context: Context) -> None:
    """Become the program; returns only by an error."""
    environment = dict(
        variable.split("=", 1) for variable in context.process.env if "=" in variable
    )
    try:
        kernel.execute(context.program, context.process.args, environment)
    except OSError as error:
        # ENOENT although the file is there: what is missing is the interpreter of its
        # first line, or its dynamic loader (execve(2)).
        raise ProgramError(f"exec {context.program}: {os_reason(error)}") from error


def _check_path(kernel: Kernel, name: str) -> None:
    if kernel.is_executable(name):
        return
    if not kernel.exists(name):
        text = f'exec: "{name}": stat {name}: no such file or directory'
        raise SetupError(text, _NOT_FOUND)
    if kernel.is_folder(name):
        raise SetupError(f'exec: "{name}": is a directory', _NOT_EXECUTABLE)
    raise SetupError(f'exec: "{name}": permission denied', _NOT_EXECUTABLE)


def _search_path(environment: tuple[str, ...]) -> list[str]:
    for variable in reversed(environment):
        name, _, value = variable.partition("=")
        if name == "PATH":
            return [folder or "." for folder in value.split(":")]
    return []
