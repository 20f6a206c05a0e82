"""The part of ``container`` that is about limits."""

from collections.abc import Iterator

from labkit.base.errors import InvalidInputError
from labkit.base.units import parse_bytes
from labkit.grading.checks.model import Finding
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, Observation


def parse_size(text: str) -> int:
    """Read a size as ``docker run --memory`` does: ``64m`` is 64 x 1024 x 1024.

    Raises:
        InvalidInputError: it is not of that form.
    """
    try:
        return parse_bytes(text.strip())
    except ValueError as error:
        raise InvalidInputError(
            f"invalid size {text!r}: expected such as 64m"
        ) from error


def judge_memory(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The memory limit must be exactly this."""
    if params.memory is None:
        return
    wanted, found = parse_size(params.memory), container.memory_bytes
    if wanted != found:
        yield Finding(
            field="memory",
            expected=params.memory,
            found=_spell_size(found) if found else "no limit",
            next_step=(
                f"in place: `docker update --memory {params.memory} "
                f"--memory-swap {params.memory} {params.name}`"
            ),
        )


def judge_cpus(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The share of processors must be exactly this."""
    if params.cpus is None or round(params.cpus * 1e9) == container.nano_cpus:
        return
    found = container.nano_cpus / 1e9
    yield Finding(
        field="cpus",
        expected=f"{params.cpus:g}",
        found=f"{found:g}" if found else "no limit",
        next_step=f"in place: `docker update --cpus {params.cpus:g} {params.name}`",
    )


def judge_pids(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The number of processes must be limited to exactly this."""
    if params.pids is None or params.pids == container.pids_limit:
        return
    yield Finding(
        field="pids",
        expected=str(params.pids),
        found=str(container.pids_limit) if container.pids_limit > 0 else "no limit",
        next_step=f"in place: `docker update --pids-limit {params.pids} {params.name}`",
    )


def _spell_size(count: int) -> str:
    for unit, factor in (("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)):
        if count % factor == 0:
            return f"{count // factor}{unit}"
    return f"{count}b"
