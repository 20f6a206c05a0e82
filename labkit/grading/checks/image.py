"""``image``: what an image holds, and what its containers are started with."""

import json
import re
from collections.abc import Iterator
from itertools import takewhile

from pydantic import Field, field_validator

from labkit.grading.checks.limits import parse_size
from labkit.grading.checks.model import (
    Family,
    Finding,
    Params,
    Pattern,
    Size,
    as_texts,
    is_user,
    listed,
)
from labkit.grading.probes import (
    Image,
    ImageProbe,
    ImageTextProbe,
    Observation,
    Probe,
    Text,
)

_AGAIN = "in the Dockerfile, and build it again"


class ImageParams(Params):
    """An image."""

    name: str
    same_as: str | None = Field(None, description="another name of the same image")
    without: str | None = Field(
        None, description="a text, such as a password, that no layer may hold"
    )
    labels: dict[str, str] = Field({})
    user: str | None = None
    max_size: Size | None = Field(None, description="such as `25m`")
    max_layers: int | None = None
    env: dict[str, str] = Field({}, description="variables that its containers get")
    without_env: tuple[str, ...] = Field((), description="variables it must not set")
    ports: tuple[str, ...] = Field((), description="ports of EXPOSE, as `80/tcp`")
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    workdir: str | None = None
    health_check: bool | None = Field(None, description="whether it has one")
    health_matches: Pattern | None = Field(
        None, description="a regular expression found in its health check's command"
    )
    layers_of: str | None = Field(
        None, description="an image with the same layers at the bottom, as from a cache"
    )
    new_layers: int = Field(0, description="how many may stand on those of `layers_of`")

    @field_validator("env", "labels", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return as_texts(value)


def image_probes(params: ImageParams) -> Iterator[Probe]:
    yield ImageProbe(params.name)
    if params.same_as:
        yield ImageProbe(params.same_as)
    if params.layers_of:
        yield ImageProbe(params.layers_of)
    if params.without:
        yield ImageTextProbe(params.name, params.without)


def judge_image(params: ImageParams, seen: Observation) -> Iterator[Finding]:
    image = seen.ask(ImageProbe(params.name))
    if not isinstance(image, Image):
        yield Finding(
            field="name",
            expected=f"an image named {params.name}",
            found="no such image",
            next_step=(
                f"build it: `docker build -t {params.name} .`; or give the name to an "
                "image: `docker tag`; `docker images` shows what there is"
            ),
        )
        return
    yield from _same_image(params, image, seen)
    yield from _image_settings(params, image)
    yield from _start_settings(params, image)
    yield from _cached(params, image, seen)
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
    look = (
        f"`docker history {params.name}` shows what each layer brought: leave out what "
        "is not needed, by a last stage on a small image"
    )
    for name, value in params.labels.items():
        found = image.labels.get(name)
        if found != value:
            step = f"`LABEL {name}={value}` {_AGAIN}"
            yield Finding(f"labels.{name}", value, found or "not set", step)
    if params.user is not None and not is_user(params.user, image.user):
        step = f"`USER {params.user}` {_AGAIN}"
        yield Finding("user", params.user, image.user or "root", step)
    if params.max_size is not None and image.size_bytes > parse_size(params.max_size):
        size = f"{image.size_bytes / (1 << 20):.1f}m"
        yield Finding("size", f"at most {params.max_size}", size, look)
    if params.max_layers is not None and image.layers > params.max_layers:
        yield Finding("layers", f"at most {params.max_layers}", str(image.layers), look)


def _start_settings(params: ImageParams, image: Image) -> Iterator[Finding]:
    for name, value in params.env.items():
        if image.env.get(name) != value:
            found = image.env.get(name, "not set")
            yield Finding(f"env.{name}", value, found, f"`ENV {name}={value}` {_AGAIN}")
    for name in params.without_env:
        if name in image.env:
            step = "`ARG` is there while building, and gone afterwards"
            yield Finding(f"env.{name}", "not set", image.env[name], step)
    for port in params.ports:
        if port not in image.ports:
            yield Finding(
                "ports", port, listed(image.ports), f"`EXPOSE {port}` {_AGAIN}"
            )
    for field, wanted, found_argv in (
        ("entrypoint", params.entrypoint, image.entrypoint),
        ("cmd", params.cmd, image.cmd),
    ):
        if wanted is not None and wanted != found_argv:
            step = f"in the exec form: `{field.upper()} {_json(wanted)}` {_AGAIN}"
            yield Finding(field, _json(wanted), _json(found_argv), step)
    if params.workdir is not None and params.workdir != image.workdir:
        found = image.workdir or "/"
        yield Finding(
            "workdir", params.workdir, found, f"`WORKDIR {params.workdir}` {_AGAIN}"
        )
    if params.health_check not in (None, image.has_health_check):
        has, has_not = "a health check", "no health check"
        wanted_text, found = (has, has_not) if params.health_check else (has_not, has)
        yield Finding(
            "health_check", wanted_text, found, f"`HEALTHCHECK CMD ...` {_AGAIN}"
        )

    yield from _health_command(params, image)


def _health_command(params: ImageParams, image: Image) -> Iterator[Finding]:
    pattern, found = params.health_matches, " ".join(image.health_test)
    if pattern is not None and not re.search(pattern, found):
        yield Finding(
            "health_matches",
            f"a health check whose command has {pattern}",
            found or "no health check",
            f"`HEALTHCHECK CMD ...` with a command that really asks, {_AGAIN}",
        )


def _json(argv: tuple[str, ...]) -> str:
    return json.dumps(list(argv))


def _cached(params: ImageParams, image: Image, seen: Observation) -> Iterator[Finding]:
    """A step that came from the cache has left the very same layer."""
    if params.layers_of is None:
        return
    other = seen.ask(ImageProbe(params.layers_of))
    if not isinstance(other, Image):
        expected, found = f"an image named {params.layers_of}", "no such image"
        yield Finding("layers_of", expected, found, "build that one first")
        return
    new = len(image.layer_ids) - _common(image.layer_ids, other.layer_ids)
    if new > params.new_layers:
        yield Finding(
            field="layers_of",
            expected=f"all but {params.new_layers} layers from {params.layers_of}",
            found=f"{new} layers were made anew",
            next_step="`docker build` marks the steps that it took from the cache",
        )


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(
        1
        for _ in takewhile(
            lambda pair: pair[0] == pair[1], zip(one, other, strict=False)
        )
    )


def image_sentence(params: ImageParams) -> str:
    return f"image {params.name} is there as asked"


FAMILY = Family("image", ImageParams, image_probes, judge_image, image_sentence)
