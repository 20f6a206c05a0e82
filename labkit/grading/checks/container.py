"""``container``: a container's state, and each setting it was made with.

Only what the author writes is looked at: ``container: {name: web}`` asks for no more
than a running container of that name. Each setting is one small function in
``SETTINGS``; ``network_mode`` and friends are in ``attachment.py``.
"""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from labkit.base.units import parse_bytes
from labkit.grading.checks.attachment import (
    judge_aliases,
    judge_network_mode,
    judge_networks,
    judge_not_networks,
    judge_only_networks,
    judge_pid_mode,
)
from labkit.grading.checks.compose import judge_waits_for
from labkit.grading.checks.limits import judge_cpus, judge_memory, judge_pids
from labkit.grading.checks.made_from import judge_image, judge_image_matches
from labkit.grading.checks.model import Family, Finding, is_user, label_step
from labkit.grading.checks.mounts import (
    judge_bind_mounts,
    judge_mounts,
    judge_no_mounts,
    judge_read_only_mounts,
)
from labkit.grading.checks.ports import judge_no_ports, judge_ports
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import (
    Container,
    ContainerProbe,
    ImageProbe,
    Observation,
    Probe,
)

Setting = Callable[[ContainerParams, Container, Observation], Iterator[Finding]]


def probes(params: ContainerParams) -> Iterator[Probe]:
    yield ContainerProbe(params.name)
    if params.image:
        yield ImageProbe(params.image)
    for mode in (params.network_mode, params.pid_mode):
        if mode and mode.startswith("container:"):
            yield ContainerProbe(mode.partition(":")[2])


def judge(params: ContainerParams, seen: Observation) -> Iterator[Finding]:
    container = seen.container(params.name)
    if container is None:
        yield Finding(
            field="name",
            expected=f"a container named {params.name}",
            found="no such container",
            next_step=_missing_step(params),
        )
        return
    for setting in SETTINGS:
        for finding in setting(params, container, seen):
            yield _in_the_file(finding) if _PROJECT in container.labels else finding


_PROJECT = "com.docker.compose.project"


def _missing_step(params: ContainerParams) -> str:
    labels = (label.startswith("com.docker.compose.") for label in params.labels)
    if params.waits_for or any(labels):
        return (
            "Compose makes it: `docker compose up -d`, for a project (`name:` in the "
            "file) and a service of the names that are asked for; `docker compose ls "
            "-a` shows the projects there are"
        )
    return (
        f"make it: `docker run -d --name {params.name} {_what_to_run(params)}`, with "
        "what the task asks for; `docker ps -a` shows what there is"
    )


def _in_the_file(finding: Finding) -> Finding:
    """Say of a container of Compose's where a setting is changed: not by hand."""
    if _BY_HAND not in finding.next_step:
        return finding
    step = (
        f"{finding.next_step}; as Compose made it: in its file or `.env`, then `up -d`"
    )
    return replace(finding, next_step=step)


_BY_HAND = "run it again"


def _what_to_run(params: ContainerParams) -> str:
    """Return the image; with a program, where its own is a shell that ends at once."""
    image = params.image or "IMAGE"
    idle = params.state == "running" and image.partition(":")[0] in _SHELLS
    return f"{image} sleep infinity" if idle else image


_SHELLS = ("busybox", "debian")
"""Images that run a shell unless told otherwise."""


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
        next_step=_state_step(params, container),
    )


def _state_step(params: ContainerParams, container: Container) -> str:
    """Return the way from one state to the other."""
    name, found = params.name, container.status
    if params.state in _INTO and found == "running":
        return f"`docker {_INTO[params.state]} {name}`"
    if params.state == "created":
        return f"remove it, and make it by `docker create --name {name}`"
    if params.state == "exited":
        return f"it was never run: `docker start {name}`"
    if found in ("created", "paused"):
        return f"`docker {'start' if found == 'created' else 'unpause'} {name}`"
    if container.exit_code == 0:
        return (
            f"it was stopped, or has no more to do: `docker start {name}`; if it ends "
            "again, remove it and run it with a program that goes on: `sleep infinity`"
        )
    return (
        f"`docker logs {name}` says why it ended (137: somebody killed it, or the "
        f"kernel did for want of memory): mend that, and `docker start {name}`"
    )


_INTO = {"exited": "stop", "paused": "pause"}


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
                    f"remove it and run it again with `-e {name}={value}`"
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
                next_step=label_step(name, f"run it with `--label {name}={value}`"),
            )


def _log_options(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    for name, value in params.log_options.items():
        found = container.log_options.get(name)
        if found is None or not _same_option(value, found):
            yield Finding(
                field=f"log_options.{name}",
                expected=value,
                found="not set" if found is None else found,
                next_step=f"remove it and run it again with `--log-opt {name}={value}`",
            )


def _same_option(wanted: str, found: str) -> bool:
    """Say whether two texts mean one thing: 8M is 8m, and is 8192k."""
    if wanted.lower() == found.lower():
        return True
    try:
        return parse_bytes(wanted) == parse_bytes(found)
    except ValueError:
        return False


def _scalar(
    field: Literal[
        "user", "restart", "health", "hostname", "log_driver", "stop_signal"
    ],
    step: str,
    same: Callable[[str, str], bool] = operator.eq,
) -> Setting:
    """Make the check of a setting that is one word on both sides."""

    def setting(
        params: ContainerParams, container: Container, _: Observation
    ) -> Iterator[Finding]:
        wanted, found = getattr(params, field), getattr(container, field)
        if wanted is not None and not same(wanted, found):
            words = step.format(wanted=wanted, name=params.name)
            yield Finding(field, wanted, found or "not set", words)

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
                f"remove it and run it again {words} `{option}`",
            )

    return setting


def _runs(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    line = " ".join(container.argv)
    if params.runs is not None and params.runs not in line:
        yield Finding(
            field="runs",
            expected=f"a program with {params.runs!r} in its command line",
            found=line if len(line) <= _LINE else f"{line[:_LINE]}...",
            next_step=(
                "the program is chosen when a container is made: remove it and run it "
                "again with the one that is asked for (an old container's: `docker "
                f"inspect --format '{{{{json .Config.Cmd}}}}' {params.name}`)"
            ),
        )


_LINE = 80


def _health_command(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    pattern, found = params.health_matches, " ".join(container.health_test)
    if pattern is not None and not re.search(pattern, found):
        yield Finding(
            field="health_matches",
            expected=f"a health check whose command has {pattern}",
            found=found or "no health check of its own",
            next_step=(
                "a check that asks nobody is none: remove it and run it again with a "
                "`--health-cmd` that asks the server"
            ),
        )


def _exit_code(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    if params.exit_code is not None and params.exit_code != container.exit_code:
        yield Finding(
            field="exit_code",
            expected=str(params.exit_code),
            found=str(container.exit_code),
            next_step=_exit_step(params, container),
        )


def _exit_step(params: ContainerParams, container: Container) -> str:
    if container.exit_code == _KILLED:
        return (
            f"it was killed: `docker start {params.name}`, and let it end in good "
            "order, by itself or by `docker stop`"
        )
    return f"`docker logs {params.name}` says why: mend that, and run it again"


_KILLED = 137

_HEALTH = (
    "`docker inspect --format '{{{{json .State.Health}}}}' {name}` shows the last "
    "probes: wait, or remove it and run it again with a probe (`--health-cmd`) that "
    "succeeds"
)

SETTINGS: tuple[Setting, ...] = (
    _state,
    _exit_code,
    judge_image,
    judge_image_matches,
    _runs,
    judge_networks,
    judge_only_networks,
    judge_not_networks,
    judge_network_mode,
    judge_pid_mode,
    judge_aliases,
    judge_ports,
    judge_no_ports,
    _env,
    _labels,
    judge_waits_for,
    judge_mounts,
    judge_read_only_mounts,
    judge_bind_mounts,
    judge_no_mounts,
    judge_memory,
    judge_cpus,
    judge_pids,
    _scalar("user", "remove it and run it again with `--user {wanted}`", is_user),
    _scalar("hostname", "remove it and run it again with `--hostname {wanted}`"),
    _scalar("restart", "in place: `docker update --restart {wanted} {name}`"),
    _health_command,
    _scalar("health", _HEALTH),
    _scalar("stop_signal", "remove it and run it again with `--stop-signal {wanted}`"),
    _scalar("log_driver", "remove it and run it again with `--log-driver {wanted}`"),
    _log_options,
    _flag("read_only", "--read-only"),
    _flag("privileged", "--privileged"),
)

FAMILY = Family("container", ContainerParams, probes, judge, sentence)
