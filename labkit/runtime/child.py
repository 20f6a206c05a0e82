"""The child's side: from clone(2) to the user's program.

What runs here is a copy of the shim, on its way into the container. It can import
nothing any more (soon there is no standard library to read), must not return into the
shim's code, and says everything through the handshake.
"""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from resource import RLIMIT_NOFILE
from signal import SIGKILL
from typing import NoReturn

from labkit.base.errors import LabError
from labkit.base.interpreter import seal_imports
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import CloneFlag
from labkit.kernel.namespaces import namespace_flag
from labkit.runtime.handshake import Message
from labkit.runtime.ports import Cgroup
from labkit.runtime.steps.context import Context, ProgramError, SetupError, Step
from labkit.runtime.steps.order import (
    EARLY_STEPS,
    JOIN_STEPS,
    PROCESS_STEPS,
    ROOT_STEPS,
)
from labkit.runtime.steps.program import execute

_SETUP_FAILED, _NOT_EXECUTED = 128, 255

# What an exec joins. The pid namespace it is born in, and a user namespace containers
# have none.
_JOINED = (
    CloneFlag.NEWNS
    | CloneFlag.NEWUTS
    | CloneFlag.NEWIPC
    | CloneFlag.NEWNET
    | CloneFlag.NEWCGROUP
)

Entrance = Callable[[Kernel, Context, Cgroup], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way of one kind of child; ``kept`` are files that its entrance needs."""

    enter: Entrance
    early: tuple[Step, ...]
    steps: tuple[Step, ...]
    kept: tuple[int, ...] = ()


def enter_as_init(kernel: Kernel, context: Context, cgroup: Cgroup) -> None:
    """Join the cgroup and the namespaces that clone(2) did not make.

    First the cgroup, then the cgroup namespace: what it hides is where we are now.
    """
    cgroup.attach_self()
    for namespace in context.spec.linux.namespaces:
        if namespace.path is not None and namespace.type != "pid":
            fd = os.open(namespace.path, os.O_RDONLY | os.O_CLOEXEC)
            kernel.setns(fd, namespace_flag(namespace.type))
            os.close(fd)
        elif namespace.type == "cgroup":
            kernel.unshare(CloneFlag.NEWCGROUP)


def enter_by(pidfd: int) -> Entrance:
    """Return the way into a running container: all its namespaces in one call."""

    def enter_as_exec(kernel: Kernel, context: Context, cgroup: Cgroup) -> None:
        cgroup.attach_self()
        kernel.setns(pidfd, _JOINED)
        kernel.close(pidfd)

    return enter_as_exec


def run_init(
    kernel: Kernel, context: Context, cgroup: Cgroup, streams: tuple[int, int, int]
) -> NoReturn:
    """Be a container's first process."""
    plan = Plan(enter_as_init, EARLY_STEPS, ROOT_STEPS + PROCESS_STEPS)
    _run(kernel, context, cgroup, streams, plan)


def run_exec(
    kernel: Kernel,
    context: Context,
    cgroup: Cgroup,
    streams: tuple[int, int, int],
    pidfd: int,
) -> NoReturn:
    """Be a further process of a running container."""
    plan = Plan(enter_by(pidfd), (), JOIN_STEPS + PROCESS_STEPS, (pidfd,))
    _run(kernel, context, cgroup, streams, plan)


def _run(
    kernel: Kernel,
    context: Context,
    cgroup: Cgroup,
    streams: tuple[int, int, int],
    plan: Plan,
) -> NoReturn:
    # A collected socket object of the shim would close a number that is ours by now.
    gc.disable()
    try:
        _detach(kernel, context, streams, plan.kept)
        plan.enter(kernel, context, cgroup)
        context.channel.send(Message.READY)
        early = _try_steps(kernel, context, plan.early)
        context.channel.expect(Message.GO)
        if early is not None:
            raise early
        take_steps(kernel, context, plan.steps)
        context.channel.send(Message.EXECUTING)
        execute(kernel, context)
    except ProgramError as error:
        os.write(2, f"{error}\n".encode())
        os._exit(_NOT_EXECUTED)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the shim must know
        _report(context, error)
    finally:
        os._exit(_SETUP_FAILED)


def _try_steps(
    kernel: Kernel, context: Context, steps: tuple[Step, ...]
) -> LabError | None:
    """Take steps before the gate; who opens the gate is told what failed."""
    try:
        take_steps(kernel, context, steps)
    except LabError as error:
        return error
    return None


def take_steps(kernel: Kernel, context: Context, steps: tuple[Step, ...]) -> None:
    """Do one step after the other; an error names the step."""
    for step in steps:
        try:
            step(kernel, context)
        except OSError as error:
            raise SetupError(f"{step.__name__}: {error}") from error


def _detach(
    kernel: Kernel,
    context: Context,
    streams: tuple[int, int, int],
    kept: tuple[int, ...],
) -> None:
    """Leave the shim behind: its files, its session, its debugger.

    The listening socket above all: a copy of it would answer for a dead shim.
    """
    # CVE-2019-5736: nobody in the container may reach our interpreter through
    # /proc/PID/exe; execve(2) makes the process dumpable again.
    kernel.set_dumpable(False)
    seal_imports()
    kernel.set_death_signal(SIGKILL)
    kernel.new_session()
    for number, fd in enumerate(streams):
        os.dup2(fd, number, inheritable=True)
    kernel.keep_only((context.channel.fileno(), *kept))
    if context.file_limits is not None:
        kernel.set_rlimit(RLIMIT_NOFILE, *context.file_limits)


def _report(context: Context, error: BaseException) -> None:
    exit_code = error.exit_code if isinstance(error, SetupError) else _SETUP_FAILED
    foreseen = isinstance(error, (LabError, OSError))
    text = str(error) if foreseen else f"{type(error).__name__}: {error}"
    try:
        context.channel.send(Message.FAILED, text, exit_code)
    except OSError:
        return  # the shim is gone, and we with it in a moment
