"""The part of ``container`` that is about what is mounted into it."""

from collections.abc import Iterator

from labkit.grading.checks.model import Finding, listed
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, Observation


def judge_mounts(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """At each path there must be this volume, or this folder of the machine."""
    for target, source in params.mounts.items():
        found = container.mounts.get(target)
        if found != source:
            yield Finding(
                field=f"mounts.{target}",
                expected=source,
                found="nothing mounted" if found is None else found,
                next_step=f"remove it and run it again with `-v {source}:{target}`",
            )


def judge_read_only_mounts(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """What is mounted at these paths must not be writable."""
    for target in params.read_only_mounts:
        if target not in container.read_only_mounts:
            mounted = target in container.mounts
            yield Finding(
                field=f"read_only_mounts.{target}",
                expected="mounted, and only to be read",
                found="can be written" if mounted else "nothing mounted",
                next_step=f"remove it and run it again with `-v SOURCE:{target}:ro`",
            )


def judge_bind_mounts(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """What is mounted at these paths must be of the machine, not a volume."""
    for target in params.bind_mounts:
        found = container.mounts.get(target)
        # The engine tells a folder by its absolute path, a volume by its name.
        if found is None or not found.startswith("/"):
            option = f'-v "$PWD/FOLDER:{target}"'
            yield Finding(
                field=f"bind_mounts.{target}",
                expected="a folder of this machine",
                found="nothing mounted" if found is None else f"the volume {found}",
                next_step=f"remove it and run it again with `{option}`",
            )


def judge_no_mounts(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """Nothing of the machine or the engine may be mounted."""
    if params.no_mounts and container.mounts:
        yield Finding(
            field="no_mounts",
            expected="nothing mounted",
            found=f"something at {listed(container.mounts)}",
            next_step="remove it and run it again without `-v` and `--mount`",
        )
