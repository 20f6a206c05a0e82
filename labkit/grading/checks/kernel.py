"""``kernel``: what the kernel itself says of a container's first process.

Neither the engine nor a program of the image is asked: the limits are read in the
cgroup's files, the rest in ``/proc``. That needs the engine's own machine. From
elsewhere nothing of it is visible, and a check of this kind could not be made.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, field_validator

from labkit.grading.checks.limits import parse_size
from labkit.grading.checks.model import (
    Family,
    Finding,
    Params,
    Size,
    as_texts,
    running_step,
)
from labkit.grading.probes import (
    ContainerProbe,
    CouldNotCheckError,
    Kernel,
    KernelProbe,
    Observation,
    Probe,
)

Namespace = Literal["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]


class KernelParams(Params):
    """A running container, and what the kernel must say of it."""

    container: str
    memory: Size | None = Field(None, description="the cgroup's limit, such as `64m`")
    pids: int | None = Field(None, description="the cgroup's limit of processes")
    cpus: float | None = Field(None, description="the cgroup's share of processors")
    own: tuple[Namespace, ...] = Field(
        (), description="namespaces that must not be the machine's"
    )
    shares: dict[Namespace, str] = Field(
        {}, description="namespace: container with which it must be one"
    )
    status: dict[str, str] = Field(
        {}, description="lines of /proc/PID/status, such as `NoNewPrivs: 1`"
    )

    @field_validator("status", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return as_texts(value)


def probes(params: KernelParams) -> Iterator[Probe]:
    for name in (params.container, *params.shares.values()):
        yield ContainerProbe(name)
        yield KernelProbe(name)


def judge(params: KernelParams, seen: Observation) -> Iterator[Finding]:
    for name in (params.container, *params.shares.values()):
        container = seen.container(name)
        if container is None or container.status not in ("running", "paused"):
            yield Finding(
                field="container",
                expected=f"{name} running",
                found=container.status if container else "no such container",
                next_step=running_step(name, container.status if container else None),
            )
            return
    kernel = _kernel(params.container, seen)
    yield from _limits(params, kernel)
    yield from _status(params, kernel)
    yield from _namespaces(params, kernel, seen)


def _kernel(name: str, seen: Observation) -> Kernel:
    found = seen.ask(KernelProbe(name))
    if not isinstance(found, Kernel):
        raise CouldNotCheckError(f"{name} ended while it was looked at")
    return found


def _limits(params: KernelParams, kernel: Kernel) -> Iterator[Finding]:
    update = f"in place: `docker update {{}} {params.container}`"
    if params.memory is not None and parse_size(params.memory) != kernel.memory_bytes:
        option = f"--memory {params.memory} --memory-swap {params.memory}"
        found = f"{kernel.memory_bytes} bytes" if kernel.memory_bytes else "no limit"
        yield Finding("memory", params.memory, found, update.format(option))
    if params.pids is not None and params.pids != kernel.pids:
        option = f"--pids-limit {params.pids}"
        found = str(kernel.pids) if kernel.pids else "no limit"
        yield Finding("pids", str(params.pids), found, update.format(option))
    if params.cpus is not None and round(params.cpus * 1e9) != kernel.nano_cpus:
        option = f"--cpus {params.cpus:g}"
        found = f"{kernel.nano_cpus / 1e9:g}" if kernel.nano_cpus else "no limit"
        yield Finding("cpus", f"{params.cpus:g}", found, update.format(option))


def _status(params: KernelParams, kernel: Kernel) -> Iterator[Finding]:
    for name, wanted in params.status.items():
        found = kernel.status.get(name, "no such line")
        if found != wanted:
            yield Finding(
                field=f"status.{name}",
                expected=wanted,
                found=found,
                next_step=(
                    "this is fixed when its first process begins: remove it and run it "
                    f"again with what the task asks for; look: `labkit xray "
                    f"{params.container}`"
                ),
            )


def _namespaces(
    params: KernelParams, kernel: Kernel, seen: Observation
) -> Iterator[Finding]:
    if (params.own or params.shares) and not kernel.namespaces:
        raise CouldNotCheckError(
            f"not visible here: only root may see the namespaces of {params.container}"
        )
    for name in params.own:
        if kernel.namespaces.get(name) == kernel.machine.get(name):
            yield Finding(
                field=f"own.{name}",
                expected=f"a {name} namespace of its own",
                found="that of the machine",
                next_step=f"remove it and run it again without `--{name} host`",
            )
    for name, other in params.shares.items():
        if kernel.namespaces.get(name) != _kernel(other, seen).namespaces.get(name):
            yield Finding(
                field=f"shares.{name}",
                expected=f"the {name} namespace of {other}",
                found="another one",
                next_step=(
                    "remove it and run it again with "
                    f"`--{_OPTIONS.get(name, name)} container:{other}`"
                ),
            )


_OPTIONS = {"net": "network"}


def sentence(params: KernelParams) -> str:
    return f"the kernel says so of {params.container}"


FAMILY = Family("kernel", KernelParams, probes, judge, sentence)
