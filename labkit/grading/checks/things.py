"""``volume``, ``absent``: that things are there, or are gone."""

from collections.abc import Iterator

from pydantic import Field

from labkit.grading.checks.model import Family, Finding, Params, label_step
from labkit.grading.probes import (
    ContainerProbe,
    ImageProbe,
    NetworkProbe,
    Observation,
    Probe,
    Volume,
    VolumeProbe,
)


class VolumeParams(Params):
    """A volume."""

    name: str
    labels: dict[str, str] = Field({})


def volume_probes(params: VolumeParams) -> Iterator[Probe]:
    yield VolumeProbe(params.name)


def judge_volume(params: VolumeParams, seen: Observation) -> Iterator[Finding]:
    volume = seen.ask(VolumeProbe(params.name))
    if isinstance(volume, Volume):
        yield from _volume_labels(params, volume)
    else:
        yield Finding(
            field="name",
            expected=f"a volume named {params.name}",
            found="no such volume",
            next_step=f"make it: `docker volume create{_options(params)}`",
        )


def _volume_labels(params: VolumeParams, volume: Volume) -> Iterator[Finding]:
    for name, value in params.labels.items():
        found = volume.labels.get(name)
        if found != value:
            yield Finding(
                field=f"labels.{name}",
                expected=value,
                found=found or "not set",
                next_step=label_step(name, f"`docker volume create{_options(params)}`"),
            )


def _options(params: VolumeParams) -> str:
    options = [f"--label {name}={value}" for name, value in params.labels.items()]
    return "".join(f" {word}" for word in (*options, params.name))


def volume_sentence(params: VolumeParams) -> str:
    return f"volume {params.name} is there"


class AbsentParams(Params):
    """Things that must not be there."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


def absent_probes(params: AbsentParams) -> Iterator[Probe]:
    for _, _, probe in _absent_things(params):
        yield probe


def judge_absent(params: AbsentParams, seen: Observation) -> Iterator[Finding]:
    for kind, name, probe in _absent_things(params):
        if seen.ask(probe) is not None:
            yield Finding(
                field=f"{kind}.{name}",
                expected=f"no {kind} named {name}",
                found="it is still there",
                next_step=f"remove it with `{_REMOVE[kind]} {name}`",
            )


_REMOVE = {
    "container": "docker rm -f",
    "network": "docker network rm",
    "volume": "docker volume rm",
    "image": "docker rmi",
}


def _absent_things(params: AbsentParams) -> Iterator[tuple[str, str, Probe]]:
    yield from (("container", name, ContainerProbe(name)) for name in params.containers)
    yield from (("network", name, NetworkProbe(name)) for name in params.networks)
    yield from (("volume", name, VolumeProbe(name)) for name in params.volumes)
    yield from (("image", name, ImageProbe(name)) for name in params.images)


def absent_sentence(params: AbsentParams) -> str:
    names = (name for _, name, _ in _absent_things(params))
    return f"gone: {', '.join(names)}"


VOLUME = Family("volume", VolumeParams, volume_probes, judge_volume, volume_sentence)
ABSENT = Family("absent", AbsentParams, absent_probes, judge_absent, absent_sentence)
