"""``container``: a container's state, and each setting it was made with.

Only what the author writes is looked at: ``container: {name: web}`` asks for no more
than a running container of that name. Each setting is one small function in
``SETTINGS``; ``network_mode`` and friends are in ``attachment.py``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.grading.checks.attachment import (
    judge_aliases,
    judge_network_mode,
    judge_networks,
    judge_not_networks,
    judge_only_networks,
)
from labkit.grading.checks.limits import judge_cpus, judge_memory, judge_pids
from labkit.grading.checks.model import Family, Finding
from labkit.grading.checks.mounts import (
    judge_mounts,
    judge_no_mounts,
    judge_read_only_mounts,
)
from labkit.grading.checks.ports import judge_no_ports, judge_ports
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, ContainerProbe, Observation, Probe

Setting = Callable[[ContainerParams, Container, Observation], Iterator[Finding]]


def probes(params: ContainerParams) -> Iterator[Probe]:
    yield ContainerProbe(params.name)
    if params.network_mode and params.network_mode.startswith("container:"):
        yield ContainerProbe(params.network_mode.partition(":")[2])


def judge(params: ContainerParams, seen: Observation) -> Iterator[Finding]:
    container = seen.container(params.name)
    if container is None:
        yield Finding(
            field="name",
            expected=f"a container named {params.name}",
            found="no such container",
            next_step="list what there is with `docker ps -a` and compare the names",
        )
        return
    for setting in SETTINGS:
        yield from setting(params, container, seen)


def sentence(params: ContainerParams) -> str:
    if params.state == "running":
        return f"container {params.name} runs as asked"
    return f"container {params.name} is {params.state}"


def _state(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    if params.state in ("any", container.status):
        return
    found = container.status
    if found == "exited":
        found = f"exited with code {container.exit_code}"
    yield Finding(
        field="state",
        expected=params.state,
        found=found,
        next_step=f"see what it said last with `docker logs {params.name}`",
    )


def _image(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    if params.image is None or _same_image(params.image, container.image):
        return
    yield Finding(
        field="image",
        expected=params.image,
        found=container.image,
        next_step=(
            "a container keeps the image it was made from: remove it and run it again"
        ),
    )


def _image_matches(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    pattern = params.image_matches
    if pattern is not None and not re.fullmatch(pattern, container.image):
        yield Finding(
            field="image_matches",
            expected=f"an image such as {pattern}",
            found=container.image,
            next_step="remove it and run it again by the name that is asked for",
        )


def _same_image(wanted: str, found: str) -> bool:
    if found.startswith("sha256:"):
        return wanted == found
    try:
        return parse_reference(wanted) == parse_reference(found)
    except InvalidInputError:  # `docker run` takes a bare id, too, which is no name
        return wanted == found


def _env(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    for name, value in params.env.items():
        found = container.env.get(name)
        if found != value:
            yield Finding(
                field=f"env.{name}",
                expected=value,
                found="not set" if found is None else found,
                next_step=(
                    "the environment is fixed when a container is made: "
                    f"remove it and run it again with `-e {name}=...`"
                ),
            )


def _labels(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    for name, value in params.labels.items():
        found = container.labels.get(name)
        if found != value:
            yield Finding(
                field=f"labels.{name}",
                expected=value,
                found="not set" if found is None else found,
                next_step=f"run it again with `--label {name}=...`",
            )


def _log_options(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    for name, value in params.log_options.items():
        found = container.log_options.get(name)
        if found != value:
            yield Finding(
                field=f"log_options.{name}",
                expected=value,
                found="not set" if found is None else found,
                next_step=f"run it again with `--log-opt {name}=...`",
            )


def _scalar(
    field: Literal[
        "user", "restart", "health", "hostname", "log_driver", "stop_signal"
    ],
    step: str,
) -> Setting:
    """Make the check of a setting that is one word on both sides."""

    def setting(
        params: ContainerParams, container: Container, _: Observation
    ) -> Iterator[Finding]:
        wanted, found = getattr(params, field), getattr(container, field)
        if wanted is not None and wanted != found:
            yield Finding(field, wanted, found or "not set", step)

    return setting


def _flag(field: Literal["read_only", "privileged"], option: str) -> Setting:
    """Make the check of a switch that ``docker run`` sets by an option."""

    def setting(
        params: ContainerParams, container: Container, _: Observation
    ) -> Iterator[Finding]:
        wanted, found = getattr(params, field), getattr(container, field)
        if wanted is not None and wanted != found:
            words = "with" if wanted else "without"
            yield Finding(
                field,
                str(wanted).lower(),
                str(found).lower(),
                f"run it again {words} `{option}`",
            )

    return setting


def _exit_code(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    if params.exit_code is not None and params.exit_code != container.exit_code:
        yield Finding(
            field="exit_code",
            expected=str(params.exit_code),
            found=str(container.exit_code),
            next_step=f"see why with `docker logs {params.name}`",
        )


SETTINGS: tuple[Setting, ...] = (
    _state,
    _exit_code,
    _image,
    _image_matches,
    judge_networks,
    judge_only_networks,
    judge_not_networks,
    judge_network_mode,
    judge_aliases,
    judge_ports,
    judge_no_ports,
    _env,
    _labels,
    judge_mounts,
    judge_read_only_mounts,
    judge_no_mounts,
    judge_memory,
    judge_cpus,
    judge_pids,
    _scalar("user", "run it again with `--user`"),
    _scalar("hostname", "run it again with `--hostname`"),
    _scalar("restart", "change it in place with `docker update --restart`"),
    _scalar("health", "`docker inspect` shows what the last health probes said"),
    _scalar("stop_signal", "run it again with `--stop-signal`"),
    _scalar("log_driver", "run it again with `--log-driver`"),
    _log_options,
    _flag("read_only", "--read-only"),
    _flag("privileged", "--privileged"),
)

FAMILY = Family("container", ContainerParams, probes, judge, sentence)
