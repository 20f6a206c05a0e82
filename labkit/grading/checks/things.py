"""``volume``, ``image``, ``absent``: that things are there, or are gone."""

from collections.abc import Iterator

from pydantic import Field

from labkit.grading.checks.limits import parse_size
from labkit.grading.checks.model import Family, Finding, Params
from labkit.grading.probes import (
    ContainerProbe,
    Image,
    ImageProbe,
    ImageTextProbe,
    NetworkProbe,
    Observation,
    Probe,
    Text,
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
            next_step="list what there is with `docker volume ls`",
        )


def _volume_labels(params: VolumeParams, volume: Volume) -> Iterator[Finding]:
    for name, value in params.labels.items():
        found = volume.labels.get(name)
        if found != value:
            yield Finding(
                field=f"labels.{name}",
                expected=value,
                found=found or "not set",
                next_step="labels are given when a volume is made: `--label`",
            )


def volume_sentence(params: VolumeParams) -> str:
    return f"volume {params.name} is there"


class ImageParams(Params):
    """An image."""

    name: str
    same_as: str | None = Field(None, description="another name of the same image")
    without: str | None = Field(
        None, description="a text, such as a password, that no layer may hold"
    )
    labels: dict[str, str] = Field({})
    user: str | None = None
    max_size: str | None = Field(None, description="such as `25m`")
    max_layers: int | None = None


def image_probes(params: ImageParams) -> Iterator[Probe]:
    yield ImageProbe(params.name)
    if params.same_as:
        yield ImageProbe(params.same_as)
    if params.without:
        yield ImageTextProbe(params.name, params.without)


def judge_image(params: ImageParams, seen: Observation) -> Iterator[Finding]:
    image = seen.ask(ImageProbe(params.name))
    if not isinstance(image, Image):
        yield Finding(
            field="name",
            expected=f"an image named {params.name}",
            found="no such image",
            next_step="list what there is with `docker images`",
        )
        return
    yield from _same_image(params, image, seen)
    yield from _image_settings(params, image)
    yield from _leaks(params, seen)


def _leaks(params: ImageParams, seen: Observation) -> Iterator[Finding]:
    if params.without is None:
        return
    answer = seen.ask(ImageTextProbe(params.name, params.without))
    place = answer.text if isinstance(answer, Text) else ""
    if place:
        yield Finding(
            field="without",
            expected="a text that is nowhere in the image",
            found=f"it is in {place}",
            next_step=(
                "a file that a later layer removes is still in the layer that brought "
                "it: it must never get in"
            ),
        )


def _same_image(
    params: ImageParams, image: Image, seen: Observation
) -> Iterator[Finding]:
    if params.same_as is None:
        return
    other = seen.ask(ImageProbe(params.same_as))
    found = other.id if isinstance(other, Image) else None
    if found != image.id:
        yield Finding(
            field="same_as",
            expected=f"the image that {params.same_as} names",
            found="another image" if found else f"no image named {params.same_as}",
            next_step=f"`docker tag {params.same_as} {params.name}`",
        )


def _image_settings(params: ImageParams, image: Image) -> Iterator[Finding]:
    look = f"`docker history {params.name}` shows what each layer brought"
    for name, value in params.labels.items():
        found = image.labels.get(name)
        if found != value:
            yield Finding(f"labels.{name}", value, found or "not set", look)
    if params.user is not None and params.user != image.user:
        yield Finding("user", params.user, image.user or "root", look)
    if params.max_size is not None and image.size_bytes > parse_size(params.max_size):
        size = f"{image.size_bytes / (1 << 20):.1f}m"
        yield Finding("size", f"at most {params.max_size}", size, look)
    if params.max_layers is not None and image.layers > params.max_layers:
        yield Finding("layers", f"at most {params.max_layers}", str(image.layers), look)


def image_sentence(params: ImageParams) -> str:
    return f"image {params.name} is there as asked"


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
IMAGE = Family("image", ImageParams, image_probes, judge_image, image_sentence)
ABSENT = Family("absent", AbsentParams, absent_probes, judge_absent, absent_sentence)
