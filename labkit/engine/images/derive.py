"""What commit and import have in common: a tree of files becomes an image's layer.

The layer's digest is known only when its tar was read to the end, and it is part of the
configuration; so the store is handed a function that writes the configuration.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from labkit.base.clock import format_time
from labkit.base.digest import Digest
from labkit.base.machine import host_architecture
from labkit.base.reference import Reference, parse_reference
from labkit.engine.model import Container, ContainerConfig
from labkit.images.model import Image
from labkit.spec.image import (
    ContainerDefaults,
    HistoryEntry,
    ImageConfig,
    RootFs,
)

EMPTY_LAYER = Digest(
    "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
)
"""The tar without an entry: two blocks of zeros. Docker records no layer for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the history says of the new layer."""

    created_ns: int
    created_by: str = ""
    author: str = ""
    comment: str = ""
    container: Container | None = None


def describe_with(
    base: Image | None, config: ContainerDefaults, step: Step
) -> Callable[[Digest], ImageConfig]:
    """Return what makes the configuration once the layer's digest is known."""

    def describe(diff_id: Digest) -> ImageConfig:
        empty = diff_id == EMPTY_LAYER
        created = format_time(step.created_ns)
        entry = HistoryEntry(
            created=created,
            created_by=step.created_by or None,
            author=step.author or None,
            comment=step.comment or None,
            empty_layer=empty,
        )
        below = base.config if base else ImageConfig(host_architecture(), "linux")
        layers = below.rootfs.diff_ids if empty else (*below.rootfs.diff_ids, diff_id)
        return replace(
            below,
            config=config,
            rootfs=RootFs(diff_ids=layers),
            history=(*below.history, entry),
            created=created,
            author=step.author or None,
            container=step.container.id if step.container else None,
            container_config=to_defaults(step.container.config)
            if step.container
            else None,
        )

    return describe


def to_defaults(config: ContainerConfig) -> ContainerDefaults:
    """Keep of a container's configuration what an image has, too."""
    return ContainerDefaults(
        user=config.user,
        exposed_ports=_as_set(config.exposed_ports),
        env=config.env,
        entrypoint=config.entrypoint,
        cmd=config.cmd,
        volumes=_as_set(config.volumes),
        working_dir=config.working_dir,
        labels=dict(config.labels),
        stop_signal=config.stop_signal,
        healthcheck=config.healthcheck,
        shell=config.shell,
        on_build=config.on_build,
        image=config.image,
    )


def from_defaults(
    config: ContainerConfig, defaults: ContainerDefaults
) -> ContainerConfig:
    """Put what an image has into a container's configuration."""
    return replace(
        config,
        user=defaults.user,
        exposed_ports=tuple(defaults.exposed_ports),
        env=defaults.env,
        entrypoint=defaults.entrypoint,
        cmd=defaults.cmd,
        volumes=tuple(defaults.volumes),
        working_dir=defaults.working_dir,
        labels=dict(defaults.labels),
        stop_signal=defaults.stop_signal,
        healthcheck=defaults.healthcheck,
        shell=defaults.shell,
        on_build=defaults.on_build,
    )


def target_names(repo: str, tag: str) -> tuple[Reference, ...]:
    """Read where the image shall be found; nowhere without a repository."""
    return (parse_reference(f"{repo}:{tag}" if tag else repo),) if repo else ()


def _as_set(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {} for name in names}
