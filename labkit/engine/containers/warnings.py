"""What ``create`` takes but warns about, and what it leaves out and says so."""

from dataclasses import dataclass, replace
from pathlib import Path

from labkit.engine.model import HostConfig

_UNIFIED = Path("/sys/fs/cgroup/cgroup.controllers")
_BLKIO = Path("/sys/fs/cgroup/blkio")
_NOT_THERE = "or the cgroup is not mounted."


@dataclass(frozen=True, slots=True)
class Abilities:
    """``unified``: the machine has cgroup v2 only; ``weights``: of single devices."""

    unified: bool
    weights: bool


def look_at_machine() -> Abilities:
    """Ask what can be limited here."""
    unified = _UNIFIED.exists()
    # The top group has no weight: there is nothing beside it to be weighed against.
    return Abilities(unified, unified or any(_BLKIO.glob("*/blkio*.weight_device")))


def leave_out(
    host: HostConfig, abilities: Abilities
) -> tuple[HostConfig, tuple[str, ...]]:
    """Return what remains of a request, and a sentence for each thing that is gone."""
    unified, limits, said = abilities.unified, host.resources, []
    if unified and limits.memory_swappiness is not None:
        limits = replace(limits, memory_swappiness=None)
        said.append(
            f"Your kernel does not support memory swappiness capabilities {_NOT_THERE} "
            "Memory swappiness discarded."
        )
    if unified and limits.oom_kill_disable:
        limits = replace(limits, oom_kill_disable=False)
        said.append(
            "Your kernel does not support OomKillDisable. OomKillDisable discarded."
        )
    if limits.oom_kill_disable and not limits.memory:
        said.append(
            "OOM killer is disabled for the container, but no memory limit is set, "
            "this can result in the system running out of resources."
        )
    if limits.blkio_weight_device and not abilities.weights:
        limits = replace(limits, blkio_weight_device=())
        said.append(
            f"Your kernel does not support Block I/O weight_device {_NOT_THERE} "
            "Weight-device discarded."
        )
    if host.network_mode == "host" and (host.port_bindings or host.publish_all_ports):
        said.append("Published ports are discarded when using host network mode")
    return replace(host, resources=limits), tuple(said)
